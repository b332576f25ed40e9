// The conditions of the relation's rows, which are polc's own text: the language's, with parameters.
//   "flags & ~(CLONE_PIDFD | $kinds) == SIGCHLD and flags & $kinds != 0"
#pragma once

#include <span>
#include <string_view>

#include "knowledge/relation.hpp"

namespace polc::knowledge {

/// `and` binds more tightly than `or`. Names are this call's arguments and this OS's constants; every one must be known.
Condition condition_of(std::string_view text, Os os, Arch arch, CallId call, std::span<const Parameter> parameters);

}  // namespace polc::knowledge
