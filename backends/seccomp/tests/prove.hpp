// Is a filter what the policies mean, for every architecture, number and argument, refusals included?
#pragma once

#include <optional>
#include <string>

#include "seccomp/choices.hpp"

namespace polc::seccomp::testing {

struct ProofFailure {
  std::string words;            // the first difference; or what is too complex, with the figures
  bool is_too_complex = false;
};

/// nullopt: it is. The text is of the first policy's format, which is a filter's.
std::optional<ProofFailure> prove(Members policies, const std::string& text);

/// Empty: proven.
std::string words_of(const std::optional<ProofFailure>& failure);

}  // namespace polc::seccomp::testing
