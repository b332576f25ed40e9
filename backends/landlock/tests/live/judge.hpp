// A second evaluator: what the kernel should answer, by walking from an object to the root as README.md says. It shares
// no code with the reader, which makes sets; the live test holds both to the kernel.
#pragma once

#include "operations.hpp"

namespace polc::landlock::live {

/// 0 or the errno.
int answer_for(const Ruleset& rules, const Operation& operation);

}  // namespace polc::landlock::live
