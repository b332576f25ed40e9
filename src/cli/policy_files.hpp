// What FILE... of `polc lint` and `polc fmt` stands for: a directory is every .pol below it, each a program of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/sink.hpp"

namespace polc::cli {

/// Sorted. The files that were named themselves stay together: an overlay and what it adds to. nullopt: a directory cannot
/// be read, and it is said.
struct PolicyFiles {
  std::vector<std::string> named;
  std::vector<std::string> found;
};
std::optional<PolicyFiles> policy_files(const std::vector<std::string>& paths, diag::Sink& sink);

}  // namespace polc::cli
