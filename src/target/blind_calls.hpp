// Calls by which an access that a deny names stays possible, though their arguments do not show it: memory, or another
// object, decides. Of acts blind_ways.hpp tells them.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "target/blind_ways.hpp"

namespace polc::target {

/// All that the policy and each target allow, as a policy has them: "syscall openat2". Empty where a way that arguments
/// tell is open as well, for then the deny is about paths, addresses or peers that no call shows; or where no target
/// sees calls.
std::vector<std::string> blind_calls(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                     std::span<const Permitting> targets, sets::Budget& budget);

/// Of each deny that is done out of sight, a call by which it is: the policy allows it, the targets that see calls permit it, and the
/// others are not asked about it (Backend::unseen_ways).
std::map<ir::RuleId, ir::Point> unseen_ways(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Permitting> targets,
                                            sets::Budget& budget);

}  // namespace polc::target
