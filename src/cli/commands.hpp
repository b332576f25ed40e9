// Each verb: options in, exit status out.
#pragma once

#include "cli/options.hpp"
#include "diag/sink.hpp"
#include "driver/compile.hpp"

namespace polc::cli {

int run(const Options& options);

/// Findings to standard output; mistakes of the policy to the sink.
int lint(const sema::Program& program, const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources,
         diag::Sink& sink);

int print_regex(const Options& options, diag::Sink& sink);

}  // namespace polc::cli
