// Groups of calls, `@system-service` and others, for the reader only: lists name them, and each version of systemd has its own.
#pragma once

#include <optional>
#include <set>
#include <string_view>

namespace polc::systemd {

struct Group {
  std::set<std::string_view> calls;
  std::set<std::string_view> later;  // that 252 has not, and 257 has
};
/// With the groups within it. nullopt: there is none of that name.
std::optional<Group> find_group(std::string_view name);

}  // namespace polc::systemd
