// What several targets that are installed together leave open of a policy: the intersection of what they permit, less the
// policy's meaning, with the rules it is to be laid at. A rule that one target leaves open and another closes has no part in it.
#pragma once

#include <span>
#include <vector>

#include "target/judge.hpp"

namespace polc::target {

/// One rule of which every target of the set permits more than the policy does, with such an access: the shortest path or
/// lowest number of its class.
struct SetFinding {
  ir::RuleId rule;
  ir::Verdict verdict{};        // wider; unmediated: no target looks at such accesses at all
  ir::Point witness;
  std::vector<std::size_t> on;  // places in the set: the targets that permit the witness by this rule's doing
};
struct Combined {
  std::vector<SetFinding> findings;  // by rule, then verdict; one a rule and verdict
  std::vector<ir::Point> open;       // of each class the shortest access that the set permits and the policy does not
  std::uint64_t too_complex = 0;     // the steps that did not suffice: nothing is known; else 0
};
Combined combine(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Judged> set);

}  // namespace polc::target
