// Sockets: made, connected, bound, listened at and accepted from.
#include <linux/netlink.h>

#include "network.hpp"
#include "probe.hpp"

namespace ways {
namespace {

int ours = -1, got = -1;
Listener listener;
sockaddr_in target{};

// ---- to connect

void with_listener() {
  own_network();
  listener = listening();
  target = listener.address;
  ours = new_socket(SOCK_STREAM);
}
bool is_connected() { return has_peer(ours); }
bool is_connected_from_a_port() { return has_peer(ours) && port_of(ours) != 0; }

char byte = 'x';
iovec text{&byte, 1};
msghdr with_address() {
  msghdr message{};
  message.msg_name = &target;
  message.msg_namelen = sizeof target;
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  return message;
}
long open_by_sendmsg() {
  const msghdr message = with_address();
  return call(SYS_sendmsg, ours, &message, MSG_FASTOPEN);
}
long open_by_sendmmsg() {
  mmsghdr message{with_address(), 0};
  return call(SYS_sendmmsg, ours, &message, 1, MSG_FASTOPEN);
}

// ---- SCTP, where the kernel has it; else the calls meet the filter all the same

void with_sctp() {
  own_network();
  ours = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
  target = loopback(4711);
  if (ours < 0) return;
  const int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
  must(bind(other, reinterpret_cast<sockaddr*>(&target), sizeof target), "bind");
  must(listen(other, 1), "listen");
}
template <int option>
long set_sctp() {
  return call(SYS_setsockopt, ours, IPPROTO_SCTP, option, &target, sizeof target);
}
long bind_sctp() {
  sockaddr_in free = loopback(4712);
  return call(SYS_setsockopt, ours, IPPROTO_SCTP, 100, &free, sizeof free);
}
long sctp_sendto() { return call(SYS_sendto, ours, &byte, 1, 0, &target, sizeof target); }
long sctp_sendmsg() {
  const msghdr message = with_address();
  return call(SYS_sendmsg, ours, &message, 0);
}
long sctp_sendmmsg() {
  mmsghdr message{with_address(), 0};
  return call(SYS_sendmmsg, ours, &message, 1, 0);
}

// ---- to be connected to

void with_stream() {
  own_network();
  ours = new_socket(SOCK_STREAM);
  target = loopback(4711);
}
bool is_bound() { return port_of(ours) == 4711; }
bool has_a_port() { return port_of(ours) != 0; }
bool is_listening() {
  int answer = 0;
  socklen_t size = sizeof answer;
  return getsockopt(ours, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0 && answer == 1;
}
void with_bound_stream() {
  with_stream();
  must(bind(ours, reinterpret_cast<sockaddr*>(&target), sizeof target), "bind");
}
void with_caller() {
  with_listener();
  must(connect(ours, reinterpret_cast<sockaddr*>(&target), sizeof target), "connect");
}
bool is_accepted() { return has_peer(got); }

// ---- sockets of each kind

template <int family>
bool is_of_family() {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return getsockname(got, reinterpret_cast<sockaddr*>(&address), &size) == 0 && address.ss_family == family;
}
template <int family, int type, int protocol>
long make() {
  return kept(got, call(SYS_socket, family, type, protocol));
}
constexpr int every_frame = 0x0300;  // ETH_P_ALL, as it stands in a packet
constexpr int old_packet = 10;       // SOCK_PACKET
int both[2];

constexpr Probe probes[] = {
    {"connect", with_listener, [] { return call(SYS_connect, ours, &target, sizeof target); },
     is_connected_from_a_port},
    {"sendto-fastopen", with_listener,
     [] { return call(SYS_sendto, ours, &byte, 1, MSG_FASTOPEN, &target, sizeof target); }, is_connected},
    {"sendmsg-fastopen", with_listener, open_by_sendmsg, is_connected},
    {"sendmmsg-fastopen", with_listener, open_by_sendmmsg, is_connected},
    {"sctp-sendto", with_sctp, sctp_sendto, nullptr},
    {"sctp-sendmsg", with_sctp, sctp_sendmsg, nullptr},
    {"sctp-sendmmsg", with_sctp, sctp_sendmmsg, nullptr},
    {"sctp-connectx-old", with_sctp, set_sctp<107>, nullptr},
    {"sctp-connectx", with_sctp, set_sctp<110>, nullptr},
    {"sctp-bindx", with_sctp, bind_sctp, nullptr},
    {"bind", with_stream, [] { return call(SYS_bind, ours, &target, sizeof target); }, is_bound},
    {"listen", with_bound_stream, [] { return call(SYS_listen, ours, 1); }, is_listening},
    {"listen-port", with_stream, [] { return call(SYS_listen, ours, 1); }, has_a_port},
    {"accept", with_caller, [] { return kept(got, call(SYS_accept, listener.socket, nullptr, nullptr)); }, is_accepted},
    {"accept4", with_caller, [] { return kept(got, call(SYS_accept4, listener.socket, nullptr, nullptr, 0)); },
     is_accepted},
    {"socket-inet", nullptr, make<AF_INET, SOCK_STREAM, 0>, is_of_family<AF_INET>},
    {"socket-inet6", nullptr, make<AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0>, is_of_family<AF_INET6>},
    {"socket-udp", nullptr, make<AF_INET, SOCK_DGRAM, 0>, is_of_family<AF_INET>},
    {"socket-unix", nullptr, make<AF_UNIX, SOCK_DGRAM, 0>, is_of_family<AF_UNIX>},
    {"socket-netlink", nullptr, make<AF_NETLINK, SOCK_RAW, NETLINK_ROUTE>, is_of_family<AF_NETLINK>},
    {"socket-packet", nullptr, make<AF_PACKET, SOCK_RAW, every_frame>, is_of_family<AF_PACKET>},
    {"socket-packet-old", nullptr, make<AF_INET, old_packet, every_frame>, is_of_family<AF_PACKET>},
    {"socket-unix-pair", nullptr, [] { return call(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, both); },
     [] { return has_peer(both[0]); }},
};

}  // namespace

std::span<const Probe> net_probes() { return probes; }

}  // namespace ways
