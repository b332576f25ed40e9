// What a filter has to answer, before any thought of instructions: for each architecture, for each call number, which
// arguments are allowed and what happens to the rest.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "seccomp/choices.hpp"

namespace polc::seccomp {

/// One policy's say on a call: some `allow` holds and no `deny` does.
struct Grant {
  std::vector<const ir::Condition*> allow;
  std::vector<const ir::Condition*> deny;
};

struct CallDecision {
  CallId call;
  std::uint32_t number = 0;
  std::vector<Grant> grants;  // one a policy; all must grant
  Action refusal = 0;
};

struct ArchDecision {
  Arch arch{};
  std::vector<CallDecision> calls;  // by number, every call that the architecture has
  Action unknown = 0;               // numbers between and before them
  Action beyond = 0;                // numbers after the last one
};

/// It points into the policies that it was made from. Conditions are on registers.
struct Decision {
  std::vector<ArchDecision> archs;
  Action bad_arch = action::kill_process;
  std::deque<ir::Condition> translated;  // for architectures with other registers than x86_64
};

/// Several policies of one architecture hold at once; a call that one of them restricts answers with the most severe
/// reaction of those that do.
Decision decision_of(Members policies);

/// The kernel's order of precedence: a lower number wins.
int severity_rank(Action action);

}  // namespace polc::seccomp
