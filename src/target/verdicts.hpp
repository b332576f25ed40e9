// What an artefact enforces of a policy, rule by rule: the set that its reader makes of it, compared once with what the policy
// means, and each difference blamed on rules by the origins of the lines that decide it.
//   Verdicts verdicts = verdicts_of({source, backend, chosen, printed, reading.permits});
#pragma once

#include <vector>

#include "target/findings.hpp"

namespace polc::target {

struct Verdicts {
  std::vector<Finding> findings;  // by rule, then verdict; one a rule and verdict; whether they are accepted is not looked at
  std::uint64_t too_complex = 0;  // the steps that did not suffice: verdicts are unknown, nothing may be written; else 0
};

struct Compared {
  const Source& source;
  const Backend& backend;
  const Chosen& chosen;
  const Printed& printed;
  const eval::Meaning& permits;
};

Verdicts verdicts_of(const Compared& compared);

}  // namespace polc::target
