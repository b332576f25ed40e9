// Sockets, in a network of this process's own, whose only device is the loopback.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "verb.h"

#define NETLINK_ROUTE 0
#define NETLINK_KOBJECT_UEVENT 15
#define PROTOCOL_MPTCP 262
#ifndef MSG_FASTOPEN
#define MSG_FASTOPEN 0x20000000
#endif

enum { https = 443, http = 80, dns = 53 };

static struct sockaddr_in place(int port) {
  const struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  return address;
}

static struct sockaddr_un name(const char* path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, path);
  return address;
}

#define CALL_AT(call, socket, port) \
  call(socket, (const struct sockaddr*)&(const struct sockaddr_in[]){place(port)}, sizeof(struct sockaddr_in))
#define CALL_NAMED(call, socket, path) \
  call(socket, (const struct sockaddr*)&(const struct sockaddr_un[]){name(path)}, sizeof(struct sockaddr_un))

static int listener, stream, datagrams, peer;

static int have_stream(void) {
  DO(loopback_up());
  DO(stream = socket(AF_INET, SOCK_STREAM, 0));
  DO(datagrams = socket(AF_INET, SOCK_DGRAM, 0));
  return 0;
}

// Someone who listens, and a further socket that nothing was done with.
static int have_listener(void) {
  DO(have_stream());
  DO(listener = socket(AF_INET, SOCK_STREAM, 0));
  DO(CALL_AT(bind, listener, https));
  DO(listen(listener, 5));
  return 0;
}

static int have_bound(void) {
  DO(have_stream());
  DO(listener = socket(AF_INET, SOCK_STREAM, 0));
  DO(CALL_AT(bind, listener, http));
  return 0;
}

static int have_clients(void) {
  DO(have_listener());
  for (int i = 0; i < 3; ++i) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    DO(client);
    DO(CALL_AT(connect, client, https));
  }
  return 0;
}

// A peer for datagrams, which sends three to whoever connects to it.
static int have_peer(void) {
  DO(have_stream());
  DO(peer = socket(AF_INET, SOCK_DGRAM, 0));
  DO(CALL_AT(bind, peer, dns));
  if (fork() != 0) return 0;
  char byte;
  struct sockaddr_in from;
  for (socklen_t length = sizeof from; recvfrom(peer, &byte, 1, 0, (struct sockaddr*)&from, &length) == 1;
       length = sizeof from)
    for (int i = 0; i < 3; ++i) sendto(peer, "x", 1, 0, (const struct sockaddr*)&from, length);
  _exit(0);
}

// Three have come before the filter does.
static int have_datagrams(void) {
  char byte;
  DO(have_peer());
  DO(CALL_AT(connect, datagrams, dns));
  DO(send(datagrams, "x", 1, 0));
  DO(recv(datagrams, &byte, 1, MSG_PEEK));
  DO(send(datagrams, "x", 1, 0));
  return 0;
}

static int have_named(void) {
  DO(have_stream());
  DO(listener = socket(AF_UNIX, SOCK_STREAM, 0));
  DO(CALL_NAMED(bind, listener, "s"));
  DO(listen(listener, 5));
  return 0;
}

TRY(mptcp, socket(AF_INET, SOCK_STREAM, PROTOCOL_MPTCP))
TRY(tcp_socket, socket(AF_INET, SOCK_STREAM, 0))
TRY(udp_socket, socket(AF_INET, SOCK_DGRAM, 0))
TRY(raw_socket, socket(AF_INET, SOCK_RAW, IPPROTO_UDP))
TRY(unix_socket, socket(AF_UNIX, SOCK_STREAM, 0))
TRY(unix_datagrams, socket(AF_UNIX, SOCK_DGRAM, 0))
TRY(netlink_socket, socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE))
TRY(netlink_events, socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT))
TRY(packet_socket, socket(AF_PACKET, SOCK_RAW, 0))
TRY(cooked_packets, socket(AF_PACKET, SOCK_DGRAM, 0))
TRY(unix_pair, socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0}))
TRY_ANSWERED(inet_pair, socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){0}), EOPNOTSUPP)
TRY(bind_stream, CALL_AT(bind, stream, 8080))
TRY(listen_stream, listen(stream, 1))
TRY_ANSWERED(connect_stream, CALL_AT(connect, stream, 8081), ECONNREFUSED)
TRY_ANSWERED(connect_datagrams, CALL_AT(connect, datagrams, 8081), 0)
TRY_ANSWERED(connect_by_sending,
             sendto(stream, "x", 1, MSG_FASTOPEN, (const struct sockaddr*)&(const struct sockaddr_in[]){place(8081)},
                    sizeof(struct sockaddr_in)),
             ECONNREFUSED)
TRY_ANSWERED(send_fast, send(datagrams, "x", 1, MSG_FASTOPEN), EDESTADDRREQ)
TRY_ANSWERED(receive_nothing, recv(datagrams, (char[1]){0}, 1, MSG_DONTWAIT), EAGAIN)
TRY(send_more, send(datagrams, "x", 1, 0))

static int by_connect_tcp(void) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  DO(client);
  DO(CALL_AT(connect, client, https));
  CHECK(write(client, "x", 1) == 1);
  return 0;
}

static int by_connect_udp(void) {
  char byte = 0;
  const int client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  DO(client);
  DO(CALL_AT(connect, client, dns));
  DO(send(client, "x", 1, 0));
  DO(recv(client, &byte, 1, 0));
  CHECK(byte == 'x');
  return 0;
}

static int by_connect_unix(void) {
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  DO(client);
  DO(CALL_NAMED(connect, client, "s"));
  return 0;
}

static int by_bind_tcp(void) {
  const int server = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  DO(server);
  DO(CALL_AT(bind, server, http));
  return 0;
}

static int by_bind_unix(void) {
  const int server = socket(AF_UNIX, SOCK_STREAM, 0);
  DO(server);
  DO(CALL_NAMED(bind, server, "b"));
  return 0;
}

static int by_listen(void) {
  DO(listen(listener, 5));
  return 0;
}

static int by_accept(void) {
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  DO(accept(listener, (struct sockaddr*)&from, &length));
  CHECK(from.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
  DO(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
  return 0;
}

static int by_send(void) {
  struct sockaddr_in to = place(dns);
  struct iovec bytes = {"x", 1};
  struct mmsghdr messages[1] = {{{.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &bytes, .msg_iovlen = 1}, 0}};
  const int client = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  DO(client);
  DO(sendto(client, "x", 1, 0, (const struct sockaddr*)&to, sizeof to));
  DO(sendmsg(client, &messages[0].msg_hdr, 0));
  DO(sendmmsg(client, messages, 1, 0));
  return 0;
}

static int by_receive(void) {
  char byte = 0;
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  struct iovec bytes = {&byte, 1};
  struct mmsghdr messages[1] = {{{.msg_iov = &bytes, .msg_iovlen = 1}, 0}};
  DO(recvfrom(datagrams, &byte, 1, 0, (struct sockaddr*)&from, &length));
  CHECK(byte == 'x');
  DO(recvmsg(datagrams, &messages[0].msg_hdr, 0));
  DO(recvmmsg(datagrams, messages, 1, 0, NULL));
  return 0;
}

static int by_socket_tcp(void) {
  DO(socket(AF_INET, SOCK_STREAM, 0));
  DO(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
  return 0;
}

static int by_socket_unix(void) {
  DO(socket(AF_UNIX, SOCK_STREAM, 0));
  return 0;
}

static int by_socket_netlink(void) {
  DO(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
  return 0;
}

static int by_socket_packet(void) {
  DO(socket(AF_PACKET, SOCK_RAW, 0));
  return 0;
}

static int by_socketpair(void) {
  char byte = 0;
  int pair[2];
  DO(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  CHECK(write(pair[0], "x", 1) == 1 && read(pair[1], &byte, 1) == 1);
  return 0;
}

const struct verb network_verbs[] = {
    {"connect_tcp",
     have_listener,
     by_connect_tcp,
     {EXCESS(mptcp), EXCESS(udp_socket), EXCESS(netlink_socket), EXCESS(connect_by_sending), EXCESS(bind_stream),
      EXCESS(listen_stream)},
     0},
    {"connect_udp",
     have_peer,
     by_connect_udp,
     {EXCESS(tcp_socket), EXCESS(bind_stream), EXCESS(connect_by_sending), EXCESS(raw_socket)},
     0},
    {"connect_unix", have_named, by_connect_unix, {EXCESS(unix_datagrams), EXCESS(tcp_socket), EXCESS(bind_stream)}, 0},
    {"bind_tcp",
     have_stream,
     by_bind_tcp,
     {EXCESS(connect_stream), EXCESS(listen_stream), EXCESS(mptcp), EXCESS(udp_socket)},
     0},
    {"bind_unix", have_stream, by_bind_unix, {EXCESS(connect_stream), EXCESS(listen_stream), EXCESS(tcp_socket)}, 0},
    {"listen", have_bound, by_listen, {EXCESS(tcp_socket), EXCESS(bind_stream), EXCESS(connect_datagrams)}, 0},
    {"accept", have_clients, by_accept, {EXCESS(tcp_socket), EXCESS(bind_stream), EXCESS(listen_stream)}, 0},
    {"send",
     have_peer,
     by_send,
     {EXCESS(send_fast), EXCESS(receive_nothing), EXCESS(connect_datagrams), EXCESS(tcp_socket)},
     0},
    {"receive", have_datagrams, by_receive, {EXCESS(send_more), EXCESS(connect_datagrams), EXCESS(tcp_socket)}, 0},
    {"socket_tcp",
     have_stream,
     by_socket_tcp,
     {EXCESS(mptcp), EXCESS(udp_socket), EXCESS(raw_socket), EXCESS(unix_socket), EXCESS(connect_datagrams)},
     0},
    {"socket_unix", have_stream, by_socket_unix, {EXCESS(unix_datagrams), EXCESS(tcp_socket), EXCESS(unix_pair)}, 0},
    {"socket_netlink",
     have_stream,
     by_socket_netlink,
     {EXCESS(netlink_events), EXCESS(unix_socket), EXCESS(packet_socket)},
     0},
    {"socket_packet",
     have_stream,
     by_socket_packet,
     {EXCESS(cooked_packets), EXCESS(netlink_socket), EXCESS(raw_socket)},
     0},
    {"socketpair", have_stream, by_socketpair, {EXCESS(inet_pair), EXCESS(unix_socket)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
