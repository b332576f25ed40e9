// polc replay POLICY EVIDENCE..., polc why POLICY EVENT...: a policy asked about what programs did.
#include <algorithm>
#include <cstdint>

#include "cli/commands.hpp"
#include "cli/evidence_files.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "driver/load.hpp"
#include "driver/names_check.hpp"
#include "driver/replay.hpp"
#include "driver/why.hpp"
#include "learn/audit.hpp"
#include "registry.hpp"
#include "support/file_system.hpp"
#include "support/lines.hpp"

namespace polc::cli {
namespace {

constexpr std::uint64_t most_events = 16u << 20;

// The policy, ready to be asked. null: reported, with `status`.
struct Opened {
  driver::Loaded loaded;
  std::vector<std::string> files;
  std::unique_ptr<driver::Replay> replay;
  int status = no;
};

void open(Opened& opened, const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources, diag::Sink& sink) {
  opened.files = {options.files.front()};
  opened.loaded = driver::load(opened.files, options.directories, sources, sink);
  if (opened.loaded.unreadable) opened.status = world;
  if (sink.has_errors()) return;
  driver::check_target_names(opened.loaded.program, backends::all(), sink);
  if (!driver::check_choices(opened.loaded.program, request, sink)) opened.status = usage;
  if (sink.has_errors()) return;
  opened.replay = driver::Replay::open(opened.files, opened.loaded.program, request, options.directories, backends::all(), sources, sink);
}

int missing(const Options& options, const char* what, diag::Sink& sink) {
  sink.add_unlocated(diag::wrong_usage, std::string("behind the policy `") + options.files.front() + "` belongs " + what);
  return usage;
}

}  // namespace

int replay(driver::CompileRequest request, const Options& options, diag::SourceMap& sources, diag::Sink& sink) {
  if (options.files.size() < 2) return missing(options, "evidence", sink);
  const auto files = read_evidence_files({options.files.begin() + 1, options.files.end()}, {}, sink);
  if (!files.merged) return files.status;
  const learn::Evidence evidence = learn::with_parts_joined(*files.merged, "");
  Opened opened;
  open(opened, request, options, sources, sink);
  if (!opened.replay) return opened.status;
  const auto all = opened.replay->of(evidence, sink);
  if (!all) return no;
  const auto print_as = options.format == "json" ? driver::json_of : driver::text_of;
  if (const int status = print(print_as(*all, *opened.replay, evidence, sources)); status != done) return status;
  const bool is_refused = !all->denied.empty() || !all->killed.empty();
  const bool fails = (options.fail_on != "never" && is_refused) || (options.fail_on == "unused" && !all->unused.empty());
  return fails ? no : done;
}

int explain_events(driver::CompileRequest request, const Options& options, diag::SourceMap& sources, diag::Sink& sink) {
  if (options.files.size() < 2) return missing(options, "what was refused", sink);
  std::vector<std::string> events;
  for (auto file = options.files.begin() + 1; file != options.files.end(); ++file) {
    if (*file != "-") {
      events.push_back(*file);
      continue;
    }
    const auto text = read_file(*file, most_events);
    if (!text) {
      sink.add_unlocated(diag::cannot_read, text.error().message());
      return world;
    }
    for (std::string_view rest = *text; !rest.empty();)
      if (const std::string_view line = take_line(rest); !line.empty()) events.emplace_back(line);
  }
  Opened opened;
  open(opened, request, options, sources, sink);
  if (!opened.replay) return opened.status;
  int status = done;
  for (const std::string& event : events) {
    const auto told = driver::why(*opened.replay, event, sources, sink);
    if (!told) return usage;
    if (const int printed = print(told->text); printed != done) return printed;
    if (told->refused) status = no;
  }
  return status;
}

}  // namespace polc::cli
