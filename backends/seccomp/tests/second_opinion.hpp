// libseccomp's filter for the same policy, to compare with.
#pragma once

#include <optional>

#include "ir/policy.hpp"
#include "seccomp/instruction.hpp"

namespace polc::seccomp::testing {

/// nullopt: libseccomp is not here, or cannot say this policy.
std::optional<Program> second_opinion(const ir::Policy& policy);

}  // namespace polc::seccomp::testing
