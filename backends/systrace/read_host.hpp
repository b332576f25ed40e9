// The hosts that a text between `inet-[` and `]:` stands for, as numbers.
#pragma once

#include <optional>
#include <string_view>

#include "sets/interval_set.hpp"

namespace polc::systrace::syntax {

struct Hosts {
  sets::Ip4Set ip4;
  sets::Ip6Set ip6;
};

/// One address as getnameinfo prints it; nullopt for any other text.
std::optional<Hosts> read_host(std::string_view text);

/// A regular expression: alternatives of octets, `10\.(1[6-9]|2[0-9])\.[0-9.]+`, and of IPv6 texts, `2001:db8:[^]]*`, with
/// `(%[^]]*)?` for an interface's name. Only what is certain: an IPv6 prefix whose groups could hide in `::` is not read.
std::optional<Hosts> read_hosts(std::string_view regex);

}  // namespace polc::systrace::syntax
