#include "seccomp/generate.hpp"

namespace polc::seccomp {

Generated generate(std::span<const target::LegalPolicy* const> policies) {
  const target::Settings& settings = policies.front()->settings();
  const Choices choices = choices_of(policies.front()->policy().configuration, settings);
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
