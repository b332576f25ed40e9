// What is executed when a command is named: found in PATH, a script's interpreter taken, its ELF interpreter read. As execve(2) and
// env(1) do it, but before anything is restricted.
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "sandbox/plan.hpp"

namespace polc::sandbox {

struct NotExecutable {
  std::string message;
  int status = 126;  // 127: there is no such command
};

/// `command`: its first word, without `/`, is looked for in `path` (PATH's value).
tl::expected<Program, NotExecutable> program_for(const std::vector<std::string>& command, const std::string& path);

}  // namespace polc::sandbox
