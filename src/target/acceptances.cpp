#include "target/acceptances.hpp"

#include <algorithm>
#include <set>

#include "target/reactions.hpp"

namespace polc::target {

std::vector<std::string> settle(const ir::Policy& policy, const Backend& backend, std::vector<Finding>& findings) {
  std::set<std::string> accepted;
  for (Finding& finding : findings)
    for (const std::uint32_t place : policy.rules[finding.rule.value].accepts) {
      const ir::Accept& accept = policy.accepts[place];
      if (accept.verdict != finding.verdict || accept.target != backend.name) continue;
      finding.accepted = place;
      accepted.insert("accepted " + std::string(ir::name_of(finding.verdict)) + ": " + accept.reason);
      break;
    }
  std::vector<std::string> notes(accepted.begin(), accepted.end());
  for (std::string& note : notes)
    std::replace_if(note.begin(), note.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  if (is_trial(policy, backend.name)) notes.push_back(trial_note(backend));
  return notes;
}

}  // namespace polc::target
