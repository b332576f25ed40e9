// Which verdicts are errors (language.md, section 1): a lost deny, a narrowing and a refusal, unless accepted or, for a
// deny, held by another target of the set that is installed together; under --strict every widening the whole set leaves.
#pragma once

#include <span>
#include <vector>

#include "diag/sink.hpp"
#include "target/findings.hpp"

namespace polc::target {

/// One target of the set, with what it makes of the policy.
struct Judged {
  const Backend* backend = nullptr;
  const Outcome* outcome = nullptr;
  bool emitted = true;  // false: only deployed beside the others, so that its own verdicts are not reported
};

/// Reports the errors of one policy in one configuration. `set` holds every target that is installed together.
void judge(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Judged> set, bool strict, diag::Sink& sink);

/// Warns of each `@accept` that accepts nothing on a target of the set. An accept is used when any configuration uses it.
void warn_of_unused_accepts(const ir::Policy& policy, std::span<const Judged> set, diag::Sink& sink);

}  // namespace polc::target
