// What is sent and received on a datagram socket of the probe's own network.
#include <cstring>

#include "network.hpp"
#include "probe.hpp"

namespace ways {
namespace {

int ours = -1, other = -1;
sockaddr_in target{};
char word[4] = "abc", got[4];
iovec out{word, 3}, in{got, 3};

void with_two() {
  own_network();
  ours = new_socket(SOCK_DGRAM);
  other = new_socket(SOCK_DGRAM);
  target = loopback(4711);
  must(bind(other, reinterpret_cast<sockaddr*>(&target), sizeof target), "bind");
}
void with_connected() {
  with_two();
  must(connect(ours, reinterpret_cast<sockaddr*>(&target), sizeof target), "connect");
}
void with_word() {
  with_connected();
  must(send(ours, word, 3, 0), "send");
}
bool has_come() { return recv(other, got, 3, 0) == 3 && std::memcmp(got, word, 3) == 0; }
/// Of a socket that nobody has bound.
bool has_come_from_a_port() { return has_come() && port_of(ours) != 0; }
bool is_got() { return std::memcmp(got, word, 3) == 0; }

msghdr message_of(iovec& what, bool to_target) {
  msghdr message{};
  message.msg_iov = &what;
  message.msg_iovlen = 1;
  if (to_target) {
    message.msg_name = &target;
    message.msg_namelen = sizeof target;
  }
  return message;
}
long by_sendmsg() {
  const msghdr message = message_of(out, true);
  return call(SYS_sendmsg, ours, &message, 0);
}
long by_sendmmsg() {
  mmsghdr message{message_of(out, true), 0};
  return call(SYS_sendmmsg, ours, &message, 1, 0);
}
long by_recvmsg() {
  msghdr message = message_of(in, false);
  return call(SYS_recvmsg, other, &message, 0);
}
long by_recvmmsg() {
  mmsghdr message{message_of(in, false), 0};
  return call(SYS_recvmmsg, other, &message, 1, 0, nullptr);
}

constexpr Probe probes[] = {
    {"sendto", with_two, [] { return call(SYS_sendto, ours, word, 3, 0, &target, sizeof target); },
     has_come_from_a_port},
    {"sendto-connected", with_connected, [] { return call(SYS_sendto, ours, word, 3, 0, nullptr, 0); }, has_come},
    {"sendmsg", with_two, by_sendmsg, has_come_from_a_port},
    {"sendmmsg", with_two, by_sendmmsg, has_come_from_a_port},
    {"recvfrom", with_word, [] { return call(SYS_recvfrom, other, got, 3, 0, nullptr, nullptr); }, is_got},
    {"recvmsg", with_word, by_recvmsg, is_got},
    {"recvmmsg", with_word, by_recvmmsg, is_got},
};

}  // namespace

std::span<const Probe> message_probes() { return probes; }

}  // namespace ways
