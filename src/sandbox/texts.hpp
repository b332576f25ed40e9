// The loader of the formats `text` of the targets landlock and launch: what a compiled artefact asks of the kernel.
//   const auto rules = rules_in(text);   // nullopt: polc printed no such line, and nothing is started
// The targets' readers say what a text permits; this only takes it to the kernel's own numbers.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/plan.hpp"

namespace polc::sandbox {

std::optional<Rules> rules_in(std::string_view landlock);

struct Launch {
  unsigned descriptor = 0;
  std::uint64_t capabilities = 0;
  std::vector<Limit> limits;
};
std::optional<Launch> launch_in(std::string_view launch);

}  // namespace polc::sandbox
