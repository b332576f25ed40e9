// Architectures that a target's option adds to an artefact (`arch=`, `abi=` of seccomp): the policy was not compiled for them, and the
// same calls may do more there. What it permits there is held to what the policy means there.
#pragma once

#include <vector>

#include "driver/compile.hpp"

namespace polc::driver {

/// The policies as they are on one such architecture, with all that they may be asked.
struct Elsewhere {
  Os os{};
  Arch arch{};
  std::vector<ir::Policy> policies;
};

/// For each architecture that some option adds for some of the configuration's policies. Mistakes of the policies that only
/// show there are reported.
std::vector<Elsewhere> lower_elsewhere(const sema::Program& program, const CompileRequest& request,
                                       std::span<const target::Backend* const> backends, const Configured& configuration, diag::Sink& sink);

/// Reports each deny that is lost there alone; under --strict also a call that no rule brings there.
void judge_elsewhere(const TargetResult& result, const std::vector<Elsewhere>& all, const CompileRequest& request, diag::Sink& sink);

}  // namespace polc::driver
