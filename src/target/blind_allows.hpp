// What allows bring for want of another call, and may do more than the policy allows: memory, or another object, decides
// (docs/language.md, section 1). On x86 `allow socket tcp` brings `socketcall where call == 1`, which makes any socket.
#pragma once

#include <map>

#include "target/blind_ways.hpp"

namespace polc::target {

/// Of each rule the first such call that each target permits, and why nothing tells. None that a target looks behind.
std::map<ir::RuleId, BlindWay> blind_allows(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Permitting> targets,
                                            sets::Budget& budget);

}  // namespace polc::target
