// Each verb: options in, exit status out.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "diag/sink.hpp"
#include "driver/compile.hpp"

namespace polc::cli {

int run(const Options& options);

/// Findings to standard output; mistakes of the policies to the sink.
int lint(const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources, diag::Sink& sink);

/// What `polc lint` prints when there was nothing to lint: a reader of SARIF or JSON gets a document all the same.
/// Empty for the forms that people read; those have standard error.
std::string machine_readable_errors(const diag::SourceMap& sources, const diag::Sink& sink, const Options& options);

/// What an artefact permits, without a policy: one access, or with --batch those of standard input.
int ask_artefact(const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources, diag::Sink& sink);

/// A policy to standard output or a file, how it differs to the sink.
int import_policy(const driver::CompileRequest& request, const Options& options, diag::Sink& sink);

/// In place, or told what would change: --check, --diff.
int format_files(const Options& options, diag::SourceMap& sources, diag::Sink& sink);

/// What `polc run` starts, watched: evidence of what the program does under the policy. The command's status.
int run_and_learn(const Options& options, diag::Sink& sink);

/// A policy from evidence; with --merge, evidence.
int learn(const Options& options, diag::SourceMap& sources, diag::Sink& sink);

/// What the policy, the first FILE, would have refused of the evidence, the others.
int replay(driver::CompileRequest request, const Options& options, diag::SourceMap& sources, diag::Sink& sink);
/// Why each event is refused, and what would allow it.
int explain_events(driver::CompileRequest request, const Options& options, diag::SourceMap& sources, diag::Sink& sink);

/// `P2003`, in either case, and the page about it.
bool is_diagnostic_id(const std::string& text);
int print_diagnostic_page(const Options& options, diag::Sink& sink);

int print_regex(const Options& options, diag::Sink& sink);

/// Files for a distribution's package; `files` are those that the policy was read from.
int write_package(const sema::Program& program, const driver::CompileRequest& request, const std::vector<std::string>& files,
                  const Options& options, const diag::SourceMap& sources, diag::Sink& sink);

/// What this host enforces, by asking it.
int probe_host(const Options& options);
/// And what becomes of a policy here: the ladder of Landlock, and whether `run` would start a program under it.
int probe_policy(const sema::Program& program, const driver::CompileRequest& request, const Options& options, const diag::SourceMap& sources, diag::Sink& sink);

/// What targets there are; all about one of them.
int list_targets(const Options& options, diag::Sink& sink);

}  // namespace polc::cli
