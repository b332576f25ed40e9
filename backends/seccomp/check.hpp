#pragma once

#include "target/backend.hpp"

namespace polc::seccomp {

/// Options that name no architecture; an errno for calls that programs believe cannot fail.
void check(const ir::Policy& policy, const eval::Meaning& meaning, const target::Settings& settings, diag::Sink& sink);

}  // namespace polc::seccomp
