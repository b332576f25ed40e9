// Network rules know a family and a type of socket, nothing else.
//   words_for(CallBox{socket, domain == AF_INET, type == SOCK_STREAM})  ->  {2, 1}, printed as `network inet stream,`
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apparmor/model.hpp"

namespace polc::apparmor {

/// Linux's numbers of a family and a type.
struct NetworkWord {
  static constexpr std::uint8_t any = 255;
  std::uint8_t domain = any;
  std::uint8_t type = any;
  auto operator<=>(const NetworkWord&) const = default;
};

/// The rules that a policy's box takes, sorted.
std::vector<NetworkWord> words_for(const ir::NetBox& box);
/// Those for which the box, an access to `socket` or `socketpair`, holds some call; other calls take none.
std::vector<NetworkWord> words_for(const ir::CallBox& box);

/// Does it make sockets? Then the kernel asks the network rules (net/socket.c, __sock_create: security_socket_create).
bool makes_sockets(CallId call);
/// The families that have pairs, unix and TIPC, or, without `inside`, all others: there `socketpair` always fails (EOPNOTSUPP
/// from sock_no_socketpair), so that no rule is about it.
ir::Condition family_of_pairs(bool inside = true);

/// What may be done with such sockets.
std::vector<ir::NetBox> opened_by(NetworkWord word);
/// The part of a box of `socket` and `socketpair` that is about such sockets.
ir::CallBox part_about(const ir::CallBox& box, NetworkWord word);

bool overlap(NetworkWord a, NetworkWord b);

/// "inet stream", "stream"; empty for all.
std::string text_of(NetworkWord word);

}  // namespace polc::apparmor
