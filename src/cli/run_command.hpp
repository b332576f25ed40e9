// `polc run`: a program started under a policy, by what needs no rights (Landlock, seccomp, and what a launcher does itself).
#pragma once

#include "cli/options.hpp"
#include "diag/sink.hpp"
#include "driver/compile.hpp"

namespace polc::cli {

/// Returns only when the program was not started, or (--print) was not to be.
int run_program(const sema::Program& program, const driver::CompileRequest& request, const Options& options, const diag::SourceMap& sources,
                diag::Sink& sink);

/// What it would say to a command of that policy, on this host.
struct Prospect {
  std::string policy;   // empty: none was found, and that is reported
  unsigned abi = 0;     // of Landlock that would be applied
  bool starts = false;
  std::string why_not;  // empty: what is reported
};
Prospect prospect_of_run(const sema::Program& program, const driver::CompileRequest& request, const Options& options, const diag::SourceMap& sources,
                         diag::Sink& sink);

}  // namespace polc::cli
