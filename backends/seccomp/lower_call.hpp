// One call's arguments as code. Of several orders of the words, the cheapest is taken.
#pragma once

#include "seccomp/code.hpp"
#include "seccomp/decision.hpp"
#include "seccomp/diagram.hpp"

namespace polc::seccomp {

CodeId lower_call(Code& code, const CallDecision& call, Layout layout);

}  // namespace polc::seccomp
