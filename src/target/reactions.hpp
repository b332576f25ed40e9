// How an access outside the policy ends is not a question of who may what, so no verdict speaks of it: which of a policy's `default`s a
// target answers otherwise is said beside the verdicts.
#pragma once

#include <string>
#include <vector>

#include "ir/policy.hpp"
#include "target/backend.hpp"

namespace polc::target {

/// Does the bare default let everything pass and log it?
bool is_trial(const ir::Policy& policy, std::string_view target);

/// What is said of that in the summary and in the artefact's header.
std::string trial_note(const Backend& backend);

struct LostReaction {
  Feature because{};
  std::vector<std::string> said;  // "default kill"
};
/// Those of the policy's defaults that the target answers otherwise, by what it lacks.
std::vector<LostReaction> lost_reactions(const ir::Policy& policy, const Backend& backend);

}  // namespace polc::target
