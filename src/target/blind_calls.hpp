// Calls by which an access that a deny names stays possible, though their arguments do not show it: memory, or another
// object, decides. Of acts blind_ways.hpp tells them.
#pragma once

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

/// A call by which what a deny names is done out of sight: the policy allows it, the targets that see calls permit it, and the
/// others are not asked about it (Backend::unseen_ways).
std::optional<ir::Point> unseen_way(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                    std::span<const Permitting> targets, sets::Budget& budget);

}  // namespace polc::target
