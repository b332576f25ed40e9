#pragma once

#include "target/backend.hpp"

namespace polc::seccomp {

/// Compares the artefact with the policies for every architecture, number and argument. nullopt: equal.
std::optional<target::ProofFailure> prove(std::span<const target::LegalPolicy* const> policies,
                                          const target::Artifact& artifact);

/// The exact sets of a call's arguments grew past their bound.
target::ProofFailure too_complex(std::string_view call);

}  // namespace polc::seccomp
