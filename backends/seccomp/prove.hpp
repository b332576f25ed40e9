#pragma once

#include "target/backend.hpp"

namespace polc::seccomp {

/// Compares the artefact with the policies for every architecture, number and argument. nullopt: equal.
std::optional<std::string> prove(std::span<const target::LegalPolicy* const> policies,
                                 const target::Artifact& artifact);

}  // namespace polc::seccomp
