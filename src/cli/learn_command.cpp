// polc learn EVIDENCE... -o OUT: a policy of what programs were seen to do; with --merge, evidence of evidence.
#include <algorithm>
#include <array>

#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/evidence_files.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "driver/learn.hpp"
#include "learn/audit.hpp"
#include "learn/evidence_text.hpp"
#include "registry.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

constexpr std::array<std::string_view, 10> rewrites{"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"};

}  // namespace

int learn(const Options& options, diag::SourceMap& sources, diag::Sink& sink) {
  for (const std::string& name : options.left_out)
    if (std::ranges::find(rewrites, name) == rewrites.end()) {
      sink.add_unlocated(diag::wrong_usage, "there is no rewrite `" + name + "` to leave out; there are G1 to G10");
      return usage;
    }
  const std::string output = options.output.empty() ? "-" : options.output;
  if (!are_apart({output}, options.files, sink)) return usage;
  if (!options.command.empty() && !options.files.empty()) {
    sink.add_unlocated(diag::wrong_usage, "either logs, or `--` and a command");
    return usage;
  }
  if (options.command.empty() && !options.keep.empty()) {
    sink.add_unlocated(diag::wrong_usage, "`--keep` is for the trace of a command, behind `--`");
    return usage;
  }
  const auto evidence = options.command.empty() ? read_evidence_files(options.files, {options.first_program, options.run_name}, sink)
                                                : watch_command(options.command, options.run_name, options.keep, sink);
  if (!evidence.merged) return evidence.status;
  if (options.merge || options.summary) return write_file(output, learn::print(*evidence.merged), sink);
  const driver::LearnRequest request{options.name, options.exact, {options.left_out.begin(), options.left_out.end()}, options.wanted, options.inlines,
                                     options.rare, options.directories};
  const auto learned = driver::learn_policy(learn::with_parts_joined(*evidence.merged, options.first_program), request, backends::all(), sources, sink);
  if (!learned || sink.has_errors()) return no;
  if (options.format == "report") return print(learned->report);
  (void)write_all(STDERR_FILENO, learned->summary, "standard error");
  return write_file(output, learned->policy, sink);
}

}  // namespace polc::cli
