// Ways to do what a deny names that no call's arguments tell: memory, or another object, decides (docs/language.md, section 1).
#pragma once

#include <optional>
#include <span>

#include "eval/meaning.hpp"
#include "ir/policy.hpp"
#include "sets/path_space.hpp"

namespace polc::target {

/// A call that may do an act which the rule denies, and that the policy and each of `permitted` allow. nullopt: there is none, or
/// the budget ran out.
std::optional<ir::Point> blind_way(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                   std::span<const eval::Meaning* const> permitted, sets::Budget& budget);

}  // namespace polc::target
