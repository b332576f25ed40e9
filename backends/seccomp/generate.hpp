// A decision as a program, with what the text form tells about it.
#pragma once

#include "seccomp/assemble.hpp"
#include "seccomp/lower.hpp"

namespace polc::seccomp {

struct Generated {
  Program program;
  std::vector<std::vector<CallId>> calls_at;  // by instruction: the calls whose own code begins there
};
Generated generate(std::span<const target::LegalPolicy* const> policies);

}  // namespace polc::seccomp
