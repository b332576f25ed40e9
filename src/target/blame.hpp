// Which rules a construct of a target is there for, when the optimiser united several.
#pragma once

#include <vector>

#include "eval/meaning.hpp"

namespace polc::target {

/// Those of `rules` that say part of `wanted` themselves; all of them where that is not to be told (an implied call).
std::vector<ir::RuleId> rules_behind(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<ir::RuleId>& rules,
                                     const ir::Box& wanted);

}  // namespace polc::target
