// A decision as a program, with what the text form tells about it.
#pragma once

#include "seccomp/assemble.hpp"
#include "seccomp/lower.hpp"
#include "target/ruleset.hpp"

namespace polc::seccomp {

struct Generated {
  Program program;
  std::vector<std::vector<CallId>> calls_at;  // by instruction: the calls whose own code begins there
};
Generated generate(Members policies);

/// Of each instruction: which parts of the policy it is there for. The decisions by number belong to the calls that they settle, an
/// argument's tests to all calls that meet them; what only finds the way, and the answers, are there for everybody. Of several
/// policies none is told.
std::vector<target::Origin> origins_of(const Program& program, Members policies);

}  // namespace polc::seccomp
