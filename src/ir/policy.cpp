#include "ir/policy.hpp"

namespace polc::ir {
namespace {

// Higher is more specific: the target block outweighs everything, then call over class over bare.
int weight_of(const Default& candidate) {
  return (candidate.target.empty() ? 0 : 4) + (candidate.call ? 2 : candidate.klass ? 1 : 0);
}

}  // namespace

Reaction reaction_for(const Policy& policy, std::string_view target, std::optional<AccessClass> klass,
                      std::optional<CallId> call) {
  const Default* best = nullptr;
  for (const Default& candidate : policy.defaults) {
    if (!candidate.target.empty() && candidate.target != target) continue;
    if (candidate.call && candidate.call != call) continue;
    if (candidate.klass && candidate.klass != klass) continue;
    if (best == nullptr || weight_of(candidate) > weight_of(*best)) best = &candidate;
  }
  return best == nullptr ? Reaction{} : best->reaction;
}

}  // namespace polc::ir
