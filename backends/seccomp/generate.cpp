#include "seccomp/generate.hpp"

namespace polc::seccomp {

Generated generate(Members policies) {
  const target::Settings& settings = policies.front().settings;
  const Choices choices = choices_of(policy_of(policies.front()).configuration, settings);
  const Decision decision = decision_of(policies);
  const Lowered lowered = lower(decision, choices.weights, settings.call_counts);
  Assembled assembled = assemble(lowered.code, lowered.root);
  Generated result;
  for (const CodeId id : assembled.origin) {
    const auto at = lowered.calls_at.find(id);
    result.calls_at.push_back(at == lowered.calls_at.end() ? std::vector<CallId>{} : at->second);
  }
  result.program = std::move(assembled.program);
  return result;
}

}  // namespace polc::seccomp
