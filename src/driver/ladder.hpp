// A program compiled for each rung of a target's ladder (target/ladder.hpp).
#pragma once

#include <string>

#include "driver/compile.hpp"

namespace polc::driver {

/// Of those targets of the request that have a ladder. What is an error on a rung is told by its totals.
std::string ladders_of(const sema::Program& program, const CompileRequest& request, Backends backends, bool as_json, const diag::SourceMap& sources);

}  // namespace polc::driver
