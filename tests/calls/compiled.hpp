// The compiler as the tests of calls use it: text in, artefact out.
#pragma once

#include <string>
#include <vector>

#include "support/platform.hpp"

namespace polc::calls {

struct Compiled {
  std::string artefact;               // empty: none
  std::vector<std::string> messages;  // errors
};
/// For seccomp on an architecture, in a format.
Compiled compile(const std::string& policy, std::string_view arch, const std::string& format,
                 const std::vector<std::string>& options = {});

}  // namespace polc::calls
