#include "network.hpp"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <cstring>

#include "probe.hpp"

namespace ways {

void own_network() {
  must(unshare(CLONE_NEWNET), "unshare net");
  ifreq interface {};
  std::strcpy(interface.ifr_name, "lo");
  interface.ifr_flags = IFF_UP;
  const int any = new_socket(SOCK_DGRAM);
  must(ioctl(any, SIOCSIFFLAGS, &interface), "loopback");
  close(any);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket(int type) { return static_cast<int>(must(socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket")); }

Listener listening() {
  Listener made;
  made.socket = new_socket(SOCK_STREAM);
  must(listen(made.socket, 4), "listen");
  made.address = loopback(port_of(made.socket));
  return made;
}

int port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  return getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 ? ntohs(address.sin_port) : 0;
}

bool has_peer(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  return getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
}

}  // namespace ways
