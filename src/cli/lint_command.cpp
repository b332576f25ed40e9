#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <set>
#include <tuple>

#include <fmt/chrono.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/line_diff.hpp"
#include "cli/outputs.hpp"
#include "cli/policy_files.hpp"
#include "diag/catalogue.hpp"
#include "diag/render.hpp"
#include "diag/render_review.hpp"
#include "driver/fix.hpp"
#include "driver/lets.hpp"
#include "driver/lint.hpp"
#include "driver/load.hpp"
#include "driver/names_check.hpp"
#include "lint/groups.hpp"
#include "registry.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

// The one look at a clock in all of polc, so that an exception can end. Empty: SOURCE_DATE_EPOCH is no number.
std::string today(const Options& options) {
  if (!options.today.empty()) return options.today;
  std::time_t now = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    errno = 0;
    now = std::strtoll(epoch, &end, 10);
    if (errno != 0 || end == epoch || *end != '\0') return {};
  }
  std::tm date{};
  if (gmtime_r(&now, &date) == nullptr) return {};
  return fmt::format("{:%Y-%m-%d}", date);
}

bool is_date(const std::string& text) {
  const std::string shape = "dddd-dd-dd";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-') return false;
  return true;
}

// Text and gcc's lines: the mistakes of the policy itself stand on standard error as with every verb.
bool is_for_people(const std::string& format) { return format == "text" || format == "gcc"; }

std::string rendered(const std::string& format, const diag::SourceMap& sources, const std::vector<diag::Diagnostic>& all,
                     const std::vector<diag::Suppressed>& suppressed) {
  if (format == "json") return diag::render_json(sources, all);
  if (format == "sarif") return diag::render_sarif(sources, all, suppressed);
  if (format == "junit") return diag::render_junit(sources, all);
  if (format == "github") return diag::render_github(sources, all);
  if (format == "gcc") return diag::render_gcc(sources, all);
  return diag::render_text(sources, all, isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr);
}

bool fails(const std::vector<diag::Diagnostic>& findings, const std::string& level) {
  if (level == "never") return false;
  const auto weakest = level == "error" ? diag::Severity::error : level == "warning" ? diag::Severity::warning : diag::Severity::info;
  for (const auto& finding : findings)
    if (finding.severity <= weakest) return true;
  return false;
}

// "P402", or a group: what it stands for. False: nothing, and that is said.
bool add_ids(const std::vector<std::string>& words, std::vector<std::string>& ids, diag::Sink& sink) {
  for (const std::string& word : words) {
    const auto meant = lint::ids_of(word);
    if (!meant) {
      sink.add_unlocated(diag::wrong_usage, fmt::format("no check's id begins with `{}`, and no group is called so (docs/lint.md lists them)", word));
      return false;
    }
    ids.insert(ids.end(), meant->begin(), meant->end());
  }
  return true;
}

// One run: what was asked for, and all that was found in every program.
class Linting {
 public:
  Linting(const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources, diag::Sink& sink)
      : request_(request), options_(options), sources_(sources), sink_(sink) {}

  int run() {
    const int status = answer();
    if (!printed_) (void)print(machine_readable_errors(sources_, sink_, options_));
    return status;
  }

 private:
  int answer() {
    if (!choose()) return usage;
    const auto files = policy_files(options_.files, sink_);
    if (!files) return world;
    if (!files->named.empty()) programs_.push_back(files->named);
    for (const std::string& file : files->found) programs_.push_back({file});
    if (options_.show_diff) return show_fixes();
    if (options_.fix || options_.unsafe_fixes)
      if (const int status = write_fixes(); status != done) return status;
    int worst = done;
    for (const auto& program : programs_) worst = std::max(worst, find(program));
    printed_ = true;
    if (const int status = print(document()); status != done) return status;
    return worst == done && fails(found_, options_.fail_level) ? no : worst;
  }

  bool choose() {
    chosen_.today = today(options_);
    if (!is_date(chosen_.today)) sink_.add_unlocated(diag::wrong_usage, "the date is written YYYY-MM-DD, and SOURCE_DATE_EPOCH is a number of seconds");
    if (!add_ids(options_.select, chosen_.select, sink_) || !add_ids(options_.ignore, chosen_.ignore, sink_)) return false;
    const bool fixes = options_.fix || options_.unsafe_fixes || options_.show_diff;
    const bool some = !options_.policy.empty() || !options_.variants.empty() || !options_.architectures.empty() || !options_.lets.empty();
    if (fixes && some) sink_.add_unlocated(diag::wrong_usage, "what is fixed is a whole policy: no --policy, --variant, --arch or --let beside --fix, --unsafe-fixes and --diff");
    const bool is_input = std::ranges::any_of(options_.files, [](const std::string& file) { return find_open_descriptor(file).has_value(); });
    if (fixes && is_input && !options_.show_diff) sink_.add_unlocated(diag::wrong_usage, "standard input cannot be written; --diff shows what would be");
    return !sink_.has_errors();
  }

  std::vector<driver::Mended> mended(const std::vector<std::string>& program, const driver::Texts& given = {}) const {
    return driver::mend({program, options_.directories, request_, chosen_, options_.unsafe_fixes, backends::all(), given});
  }

  // A program with mistakes has nothing to show, and they are said as ever.
  int show_fixes() {
    std::string text;
    int worst = done;
    for (const auto& program : programs_) {
      const driver::Texts given = driver::read_once(program);
      worst = std::max(worst, find(program, given));
      for (const driver::Mended& file : mended(program, given)) text += unified_diff(file.name, file.before, file.after);
    }
    printed_ = true;
    if (const int status = print(text); status != done) return status;
    return worst == done && !text.empty() ? no : worst;
  }

  int write_fixes() {
    for (const auto& program : programs_)
      for (const driver::Mended& file : mended(program))
        if (const int status = write_file(file.name, file.after, sink_); status != done) return status;
    return done;
  }

  int find(const std::vector<std::string>& program, const driver::Texts& given = {}) {
    diag::Sink mistakes;
    driver::Loaded loaded = driver::load(program, options_.directories, sources_, mistakes, given);
    if (!mistakes.has_errors()) {
      (void)driver::let_values(loaded.program, options_.lets, sources_, sink_);
      if (sink_.has_errors()) return usage;
    }
    if (!mistakes.has_errors()) driver::check_target_names(loaded.program, backends::all(), mistakes);
    if (!mistakes.has_errors() && !driver::check_choices(loaded.program, request_, sink_)) return usage;
    lint::Findings findings;
    if (!mistakes.has_errors()) findings = driver::lint(loaded.program, request_, chosen_, sources_, mistakes);
    for (const diag::Diagnostic& mistake : mistakes.sorted())
      if (is_new(mistake)) sink_.add_diagnostic(mistake);
    if (mistakes.has_errors()) return loaded.unreadable ? world : no;
    for (const diag::Diagnostic& finding : findings.left.sorted())
      if (is_new(finding)) found_.push_back(finding);
    for (const diag::Suppressed& one : findings.suppressed)
      if (is_new(one.finding)) suppressed_.push_back(one);
    return done;
  }

  // A file that several programs import is read for each, and suppressed is what several configurations show.
  bool is_new(const diag::Diagnostic& one) {
    const std::string name = one.located ? sources_.name_of(one.range.file) : one.message;
    return said_.insert({name, one.range.begin, one.range.end, std::string(one.id)}).second;
  }

  std::string document() const {
    if (sink_.has_errors() && is_for_people(options_.format)) return found_.empty() ? "" : rendered(options_.format, sources_, found_, suppressed_);
    std::vector<diag::Diagnostic> all = sink_.sorted();
    all.insert(all.end(), found_.begin(), found_.end());
    return rendered(options_.format, sources_, all, suppressed_);
  }

  const driver::CompileRequest& request_;
  const Options& options_;
  diag::SourceMap& sources_;
  diag::Sink& sink_;
  lint::Chosen chosen_;
  bool printed_ = false;
  std::vector<std::vector<std::string>> programs_;
  std::vector<diag::Diagnostic> found_;
  std::vector<diag::Suppressed> suppressed_;
  std::set<std::tuple<std::string, std::uint32_t, std::uint32_t, std::string>> said_;
};

}  // namespace

int lint(const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources, diag::Sink& sink) {
  return Linting(request, options, sources, sink).run();
}

std::string machine_readable_errors(const diag::SourceMap& sources, const diag::Sink& sink, const Options& options) {
  return is_for_people(options.format) ? "" : rendered(options.format, sources, sink.sorted(), {});
}

}  // namespace polc::cli
