// One call's arguments as code: a decision diagram over their words, in the cheapest of several orders. Where every diagram
// grows too large, the alternatives one after another, which never do.
#pragma once

#include "seccomp/code.hpp"
#include "seccomp/decision.hpp"
#include "seccomp/diagram.hpp"

namespace polc::seccomp {

/// `budget` is for all calls of a filter. Without it the code is right all the same, but longer.
CodeId lower_call(Code& code, const CallDecision& call, Layout layout, sets::Budget& budget);

}  // namespace polc::seccomp
