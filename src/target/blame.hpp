// Which rules a construct of a target is there for, when the optimiser united several.
#pragma once

#include <vector>

#include "eval/meaning.hpp"
#include "target/ruleset.hpp"

namespace polc::target {

/// Those of `rules` that say part of `wanted` themselves; all of them where that is not to be told (an implied call).
std::vector<ir::RuleId> rules_behind(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<ir::RuleId>& rules,
                                     const ir::Box& wanted);

/// The set that an artefact permits, each part with the rules behind its line.
eval::Meaning with_rules(const eval::Meaning& permits, const Source& source, const Printed& printed);

}  // namespace polc::target
