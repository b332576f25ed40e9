// The boundary report of `polc run --report`: of each layer four facts, whether the system has it, the policy asked for it, it was
// applied, and a check after that confirmed it.
#pragma once

#include <string>

#include "cli/options.hpp"
#include "driver/compile.hpp"
#include "sandbox/host.hpp"
#include "sandbox/observe.hpp"

namespace polc::cli {

/// All that was known before the start; what it refers to must live until the report is made.
struct Boundary {
  std::string policy, place;
  const sandbox::Host& host;
  const sandbox::Plan& plan;
  const driver::Compilation& compilation;
  const Options& options;
  bool is_trial = false;
};

/// As text or JSON, as --report says.
std::string report_of(const Boundary& boundary, const sandbox::Seen& seen);

}  // namespace polc::cli
