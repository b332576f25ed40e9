// A network of the probe's own with nothing but its loopback, and sockets on it.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

namespace ways {

/// Into a network namespace whose loopback is up.
void own_network();

sockaddr_in loopback(int port);
int new_socket(int type);
/// A stream that listens on a port of its own, and where.
struct Listener {
  int socket = -1;
  sockaddr_in address{};
};
Listener listening();
/// The port that a socket has; 0: none.
int port_of(int socket);
bool has_peer(int socket);

}  // namespace ways
