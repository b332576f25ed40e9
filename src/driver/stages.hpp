// The pipeline seen from inside: what stands after each of its steps, as text.
//   stage_text(program, request, Stage::optimised, "", backends, sources, sink)
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "driver/compile.hpp"

namespace polc::driver {

/// ast: the syntax trees; ir: names and variables resolved, rules as boxes; optimised: what is left after the passes;
/// legal: for each target the constructs that will be printed, with what they permit.
enum class Stage : std::uint8_t { ast, ir, optimised, legal };
inline constexpr std::array<std::string_view, 4> stage_names{"ast", "ir", "optimised", "legal"};

/// `after_pass`: the optimiser's result up to this pass; empty: after the last one. Mistakes go to the sink.
std::string stage_text(const sema::Program& program, const CompileRequest& request, Stage stage, std::string_view after_pass,
                       Backends backends, const diag::SourceMap& sources, diag::Sink& sink);

}  // namespace polc::driver
