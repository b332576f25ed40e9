// A program compiled for each rung of a target's ladder (target/ladder.hpp).
#pragma once

#include <string>

#include "driver/compile.hpp"
#include "target/ladder.hpp"

namespace polc::driver {

/// What is an error on a rung is told by its totals. The request is for this target alone. `here`: the rung to be marked, if any.
std::string ladder_of(const sema::Program& program, const CompileRequest& request, const target::Ladder& ladder,
                      Backends backends, bool as_json, std::string_view here, const diag::SourceMap& sources);

}  // namespace polc::driver
