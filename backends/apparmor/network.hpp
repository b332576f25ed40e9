// Network rules know a family and a type of socket, nothing else.
//   words_for(CallBox{socket, domain == AF_INET, type == SOCK_STREAM})  ->  {2, 1}, printed as `network inet stream,`
#pragma once

#include <cstdint>
#include <optional>
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
/// Those for which the box, an access to `socket`, holds some call; other calls take none.
std::vector<NetworkWord> words_for(const ir::CallBox& box);

/// Everything that such a rule permits.
std::vector<ir::Box> permitted_by(NetworkWord word);
/// The part of a socket box that is about such sockets.
ir::CallBox part_about(const ir::CallBox& box, NetworkWord word);

/// A form that says Form::socket and which rule.
std::uint16_t socket_form(NetworkWord word);
std::optional<NetworkWord> word_of_form(std::uint16_t form);

bool overlap(NetworkWord a, NetworkWord b);

/// "inet stream"; empty for all.
std::string text_of(NetworkWord word);

}  // namespace polc::apparmor
