// `polc import TARGET FILE`: a policy from what somebody wrote for a target.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "driver/import.hpp"
#include "registry.hpp"
#include "support/file_system.hpp"
#include "syntax/bytes.hpp"
#include "syntax/parse.hpp"

namespace polc::cli {
namespace {

using Outcome = driver::ImportedLine::Outcome;

// What is not said as the artefact says it, for whoever reads the policy.
void tell(const driver::Imported& imported, const std::string& path, diag::Sink& sink) {
  for (const driver::ImportedLine& line : imported.lines) {
    const std::string& file = line.is_in_file ? line.file : path;
    if (line.outcome == Outcome::raw) sink.add_unlocated(diag::import_keeps_raw, file, line.line, line.text, line.why);
    else if (line.outcome == Outcome::dropped) sink.add_unlocated(diag::import_drops, file, line.line, line.text, line.why);
  }
  for (const std::string& difference : imported.differences) sink.add_unlocated(diag::import_differs, difference);
}

/// All is said, and permits the same.
bool is_whole(const driver::Imported& imported) {
  for (const driver::ImportedLine& line : imported.lines)
    if (line.outcome != Outcome::said && line.outcome != Outcome::neutral) return false;
  return imported.is_equal;
}

}  // namespace

int import_policy(const driver::CompileRequest& request, const Options& options, diag::Sink& sink) {
  const std::string& path = options.files.front();
  auto text = read_file(path, syntax::largest_file);
  if (!text) {
    sink.add_unlocated(diag::cannot_read, text.error().message());
    return world;
  }
  if (!are_apart({options.output, options.report_output}, {path}, sink)) return usage;
  const auto imported = driver::import_artefact({path, *std::move(text)}, options.policy, request, !options.unchecked, backends::all(), sink);
  if (!imported) return no;
  tell(*imported, path, sink);
  std::fputs((driver::summary_of(*imported) + "\n").c_str(), stderr);
  if (!options.report_output.empty())
    if (const int status = write_file(options.report_output, driver::json_of(*imported, request.targets.front()), sink); status != done) return status;
  if (options.strict && !is_whole(*imported)) return no;
  const bool is_stdout = options.output.empty() || options.output == "-";
  const int status = is_stdout ? print(imported->policy) : write_file(options.output, imported->policy, sink);
  return status == done && imported->is_checked && !imported->is_equal ? no : status;
}

}  // namespace polc::cli
