// Names that are links on today's systems, /lib and /var/run above all, and /proc/self. The kernel asks about the object that it found,
// by its real name, so a rule on the link's name alone would never match: what the policy says of it is printed for
// both.
//   real_names({/var/run/tor/**}, policy)  ->  {/run/tor/**}
// Only what names the link is followed: `/*/x` and `/**` mean the real names that they match.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/policy.hpp"

namespace polc::apparmor {

struct Link {
  std::string_view variant;  // a variant that must be in force; empty: any system
  std::string_view name, leads_to;
  bool is_better_named = true;  // by where it leads: a policy is told so
};
/// The link of the table that the pattern names or goes through, for warnings; nullptr: none.
const Link* find_link(const sets::PathPattern& place, const ir::Policy& policy);

/// The other names of what the pattern names, link after link; usually none.
std::vector<sets::PathPattern> real_names(const sets::PathPattern& place, const ir::Policy& policy);
/// The patterns with their real names, sorted and unique.
std::vector<sets::PathPattern> with_real_names(const std::vector<sets::PathPattern>& places, const ir::Policy& policy);
/// A program's path with its real names.
std::vector<std::string> with_real_names(const std::string& program, const ir::Policy& policy);

}  // namespace polc::apparmor
