// A filter under the running kernel, in a child that makes calls and notes what came of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "seccomp/instruction.hpp"
#include "sets/arguments.hpp"

namespace polc::seccomp::testing {

struct LiveCall {
  std::uint32_t number = 0;
  sets::Arguments arguments{};
};
struct LiveResult {
  bool killed = false;
  long value = 0;  // as the kernel returns it: -errno
};

/// nullopt: the kernel did not take the filter; `why` says so.
std::optional<std::vector<LiveResult>> live_results(const Program& program, const std::vector<LiveCall>& calls,
                                                    std::string& why);
/// Can filters be loaded here at all (x86_64, seccomp in the kernel)?
bool can_load_filters();

}  // namespace polc::seccomp::testing
