// What is chosen for a policy: its rules on calls, as far as a filter can say them.
#pragma once

#include <vector>

#include "target/backend.hpp"

namespace polc::seccomp {

/// A filter says conditions on arguments as they are; a profile (oci) has conjunctions of comparisons, one an argument.
struct CallRule {
  ir::Effect effect{};
  ir::CallBox box;
  std::uint32_t from = 0;  // place in target::Source::parts
  ir::RuleId rule;         // the first that it is there for
  std::vector<std::uint32_t> denies = {};  // of a profile: the parts that leave less of it
};
struct Ruleset {
  std::vector<CallRule> rules;
};

target::Chosen choose(const target::Source& source, const target::Settings& settings);
inline const std::vector<CallRule>& rules_of(const target::Member& member) {
  return static_cast<const Ruleset*>(member.chosen.ruleset.get())->rules;
}

/// What the target's users should know of a policy, whatever is chosen for it: architectures that are none, errnos that nobody
/// looks at.
void check(const ir::Policy& policy, const target::Settings& settings, diag::Sink& sink);

}  // namespace polc::seccomp
