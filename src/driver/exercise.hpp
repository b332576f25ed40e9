// How much of a policy do its expectations hold: which rules does none of them name, and which slips would none notice?
#pragma once

#include <string>
#include <vector>

#include "eval/meaning.hpp"

namespace polc::driver {

/// The rules of which no expectation names any access, by what they name and what that brings along.
std::vector<ir::RuleId> unnamed_rules(const ir::Policy& policy);

/// A rule left out, or one dimension of it opened, as a mistake might.
struct RuleMutant {
  ir::RuleId rule;
  std::string what;  // "left out", "with every port"
};
struct MutationScore {
  std::size_t noticed = 0;  // some expectation fails
  std::size_t equal = 0;    // it changes nothing: another rule covers it
  std::vector<RuleMutant> unnoticed;
};
/// Each mutant of each rule against every expectation, on the policy's meaning.
MutationScore mutate_rules(const ir::Policy& policy, const eval::Meaning& meaning);

}  // namespace polc::driver
