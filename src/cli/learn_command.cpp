// polc learn EVIDENCE... -o OUT: a policy of what programs were seen to do; with --merge, evidence of evidence.
#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/evidence_files.hpp"
#include "cli/outputs.hpp"
#include "cli/run_status.hpp"
#include "diag/catalogue.hpp"
#include "driver/learn.hpp"
#include "driver/load.hpp"
#include "driver/names_check.hpp"
#include "learn/audit.hpp"
#include "learn/evidence_text.hpp"
#include "registry.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

constexpr std::array<std::string_view, 10> rewrites{"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"};

int write_learned(const Options& options, const std::string& output, const std::optional<driver::Learned>& learned, diag::Sink& sink) {
  if (!learned || sink.has_errors()) return no;
  if (options.format == "report") return print(learned->report);
  (void)write_all(STDERR_FILENO, learned->summary, "standard error");
  return write_file(output, learned->policy, sink);
}

// As an import of the result names it: from the folder that the result is in.
std::string from_folder_of(const std::string& output, const std::string& file) {
  if (file.starts_with('/') || output == "-" || output.find('/') == output.npos) return file;
  return std::filesystem::path(file).lexically_proximate(std::filesystem::path(output).parent_path()).generic_string();
}

int learn_beyond(const Options& options, const std::string& output, const learn::Evidence& seen, driver::LearnRequest request, diag::SourceMap& sources, diag::Sink& sink) {
  const std::vector<std::string> files{options.base};
  const driver::Loaded loaded = driver::load(files, options.directories, sources, sink);
  if (loaded.unreadable) return world;
  if (sink.has_errors()) return no;
  driver::check_target_names(loaded.program, backends::all(), sink);
  if (sink.has_errors()) return no;
  const auto base = driver::Replay::open(files, loaded.program, {}, options.directories, backends::all(), sources, sink);
  if (!base) return no;
  auto beyond = driver::beyond(*base, seen, sources, sink);
  if (!beyond) return no;
  std::string told;
  for (const std::string& denied : beyond->denied) told += "not put in, since a deny of the policy refuses it: " + denied;
  if (beyond->evidence.events.empty()) told += "nothing to add\n";
  (void)write_all(STDERR_FILENO, told, "standard error");
  if (beyond->evidence.events.empty()) return done;
  request.base = from_folder_of(output, options.base);
  request.folder = output == "-" || output.find('/') == output.npos ? "" : output.substr(0, output.rfind('/') + 1);
  request.names = std::move(beyond->names);
  return write_learned(options, output, driver::learn_policy(beyond->evidence, request, backends::all(), sources, sink), sink);
}

// `polc run --learn=FILE`, begun anew under strace: what the program does is told, and not what starts it.
std::vector<std::string> without_learn(const std::vector<std::string>& words) {
  std::vector<std::string> rest;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (*word == "--") {
      rest.insert(rest.end(), word, words.end());
      break;
    }
    if (word->starts_with("--learn=")) continue;
    if (*word == "--learn") ++word;
    else rest.push_back(*word);
  }
  return rest;
}

}  // namespace

int run_and_learn(const Options& options, diag::Sink& sink) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<std::string> command{self};
  for (std::string& word : without_learn(options.words)) command.push_back(std::move(word));
  const auto seen = watch_command(command, {}, "", self, sink);
  if (!seen.merged) return not_started;
  if (seen.merged->events.empty()) return seen.command;  // it was not started, and has said so
  const int written = write_file(options.learned, learn::print(*seen.merged), sink);
  return written == done ? seen.command : int{not_started};
}

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
                                                : watch_command(options.command, {"", options.run_name}, options.keep, "", sink);
  if (!evidence.merged) return evidence.status;
  if (options.merge || options.summary) return write_file(output, learn::print(*evidence.merged), sink);
  const learn::Evidence seen = learn::with_parts_joined(*evidence.merged, options.first_program);
  driver::LearnRequest request{options.name, options.exact, {options.left_out.begin(), options.left_out.end()}, options.wanted, options.inlines,
                               options.rare, options.directories};
  if (!options.base.empty()) return learn_beyond(options, output, seen, std::move(request), sources, sink);
  return write_learned(options, output, driver::learn_policy(seen, request, backends::all(), sources, sink), sink);
}

}  // namespace polc::cli
