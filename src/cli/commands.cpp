#include "cli/commands.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/completion.hpp"
#include "cli/outputs.hpp"
#include "cli/run_command.hpp"
#include "cli/run_status.hpp"
#include "diag/catalogue.hpp"
#include "driver/asked.hpp"
#include "driver/diff.hpp"
#include "driver/include_dirs.hpp"
#include "driver/ladder.hpp"
#include "driver/ledgers.hpp"
#include "driver/lets.hpp"
#include "driver/load.hpp"
#include "driver/names_check.hpp"
#include "driver/profile.hpp"
#include "driver/questions.hpp"
#include "driver/stages.hpp"
#include "opt/pipeline.hpp"
#include "registry.hpp"
#include "sema/other_names.hpp"
#include "support/file_system.hpp"
#include "syntax/parse.hpp"
#include "target/report.hpp"

namespace polc::cli {
namespace {

// One run of the program: what was read, what was found wrong, and the exit status that follows.
class Session {
 public:
  explicit Session(const Options& options) : options_(options) {}

  int run() {
    int status = answer();
    if (options_.verb == Verb::run && !started_ && status != done && !options_.print_plan) status = not_started;
    if (options_.verb == Verb::lint && !linted_) (void)print(machine_readable_errors(sources_, sink_, options_));
    print_diagnostics(sources_, sink_, options_);
    return status;
  }

 private:
  int answer() {
    if (options_.verb == Verb::targets) return list_targets(options_, sink_);
    if (options_.verb == Verb::probe && options_.files.empty()) return probe_host(options_);
    if (options_.verb == Verb::learn) return learn(options_, sources_, sink_);
    if (options_.verb == Verb::regex) return print_regex(options_, sink_);
    if (options_.verb == Verb::completion) return print(completion(all_text(), options_.argument));
    if (options_.verb == Verb::manual) return print(manual(all_text(), options_.argument, POLC_VERSION));
    if (options_.verb == Verb::fmt) return format_files(options_, sources_, sink_);
    if (options_.print_passes) return print_passes();
    if (options_.verb == Verb::explain && options_.argument.empty() && is_diagnostic_id(options_.files.front())) return print_diagnostic_page(options_, sink_);
    if (const auto name = read_twice()) return input_twice(*name);
    warn_of_directories();
    if (!make_request()) return usage;
    if (!add_profile()) return world;
    if (options_.verb == Verb::diff && options_.artefacts) return diff_artefacts();
    if (options_.verb == Verb::import) return import_policy(request_, options_, sink_);
    if (options_.artefacts || options_.batch) return ask_artefact(request_, options_, sources_, sink_);
    if (options_.verb == Verb::replay) return replay(request_, options_, sources_, sink_);
    if (options_.verb == Verb::why) return explain_events(request_, options_, sources_, sink_);
    if (options_.verb == Verb::lint) {
      linted_ = true;
      return lint(request_, options_, sources_, sink_);
    }
    if (const int status = load(options_.files, loaded_); status != done) return status;
    if (const int status = choose_targets(); status != done) return status;
    switch (options_.verb) {
      case Verb::compile: return stage() ? print_stage(*stage()) : compile();
      case Verb::fidelity: return fidelity();
      case Verb::test: return told(driver::test(program(), request_, {options_.coverage, options_.mutate}, backends(), sources_, sink_));
      case Verb::query:
      case Verb::explain: return ask();
      case Verb::diff: return diff();
      case Verb::verify: return verify();
      case Verb::run:
        started_ = true;
        return run_program(program(), request_, options_, sources_, sink_);
      case Verb::package: return write_package(program(), request_, loaded_.files, options_, sources_, sink_);
      case Verb::probe: return probe_policy(program(), request_, options_, sources_, sink_);
      case Verb::lint:
      case Verb::learn:
      case Verb::replay:
      case Verb::why:
      case Verb::fmt:
      case Verb::regex:
      case Verb::targets:
      case Verb::completion:
      case Verb::import:
      case Verb::manual: break;
    }
    return usage;
  }

  // With the words that only the other parts know.
  static CommandLineText all_text() {
    CommandLineText text = command_line_text();
    for (VerbText& verb : text.verbs)
      for (OptionText& option : verb.options) {
        if (option.value == "T[,T...]" || option.value == "TARGET")
          for (const target::Backend* backend : backends()) option.words.emplace_back(backend->name);
        if (option.value == "A[,A...]") option.words.assign(arch_names.begin(), arch_names.end());
      }
    return text;
  }

  static driver::Backends backends() { return polc::backends::all(); }
  const sema::Program& program() const { return loaded_.program; }

  // Standard input or another open descriptor that would be read for two purposes. (Two FILEs of one name are one.)
  std::optional<std::string> read_twice() const {
    const std::set<std::string> files(options_.files.begin(), options_.files.end());
    std::vector<std::string> names(files.begin(), files.end());
    names.insert(names.end(), {options_.argument, options_.profile});
    std::set<int> seen;
    for (const std::string& name : names)
      if (const auto descriptor = find_open_descriptor(name); descriptor && !seen.insert(*descriptor).second) return name;
    return std::nullopt;
  }

  int input_twice(const std::string& name) {
    sink_.add_unlocated(diag::wrong_usage, fmt::format("`{}` is given twice, and {} can be read once", name,
                                                       *find_open_descriptor(name) == STDIN_FILENO ? "standard input" : "an open descriptor"));
    return usage;
  }

  // A program whose names of targets, and those that the command line has for it, are known.
  int load(const std::vector<std::string>& files, driver::Loaded& loaded) {
    loaded = driver::load(files, options_.directories, sources_, sink_);
    if (loaded.unreadable) return world;
    if (sink_.has_errors()) return no;
    request_.notes = driver::let_values(loaded.program, options_.lets, sources_, sink_);
    if (sink_.has_errors()) return usage;
    driver::check_target_names(loaded.program, backends(), sink_);
    if (sink_.has_errors()) return no;
    return driver::check_choices(loaded.program, request_, sink_) ? done : usage;
  }

  // A mistake there is noticed late or never: what an import finds beside its file, or built in, it does not look for in -I.
  void warn_of_directories() {
    for (const std::string& directory : options_.directories)
      if (!is_directory(directory)) sink_.add_unlocated(diag::no_directory, directory);
  }

  bool make_request() {
    for (const std::string& name : options_.targets)  // one that is named twice is still one
      if (std::find(request_.targets.begin(), request_.targets.end(), name) == request_.targets.end()) request_.targets.push_back(name);
    request_.policy = options_.policy;
    request_.variants = options_.variants;
    if (options_.verb != Verb::diff && options_.verb != Verb::lint && options_.verb != Verb::replay && options_.verb != Verb::probe) request_.format = options_.format;  // of the report there
    request_.strict = options_.strict;
    for (const std::string& directory : options_.include_directories)
      if (!is_directory(directory)) {
        sink_.add_unlocated(diag::wrong_usage, fmt::format("`{}` of --include-dir is no directory", directory));
        return false;
      }
    request_.include_directories = options_.include_directories;
    request_.includes = driver::includes_from(options_.include_directories);
    request_.disabled_passes.assign(options_.disabled_passes.begin(), options_.disabled_passes.end());
    request_.fuse = options_.fuse;
    if (options_.verb != Verb::import) request_.suffix = suffix_of(options_.verb == Verb::verify ? options_.argument : options_.output);
    add_architectures();
    for (const auto& text : options_.settings) {
      if (auto option = target::parse_option(text)) request_.options.push_back(std::move(*option));
      else sink_.add_unlocated(diag::malformed_option, text);
    }
    for (const auto& name : request_.targets) driver::backend_named(backends(), name, sink_);
    return !sink_.has_errors() && driver::check_settings(request_, backends(), sink_);
  }

  // Without --target those that the policy deploys, where a verb is about targets. (`test` knows more: each platform has its
  // own set. `query` and `diff` answer for the policy itself, `verify` for one file.)
  int choose_targets() {
    const bool needs_one = options_.verb == Verb::verify || options_.verb == Verb::fidelity ||
                           (options_.verb == Verb::compile && stage().value_or(driver::Stage::legal) == driver::Stage::legal);
    const bool takes_deployed = (needs_one && options_.verb != Verb::verify) || (options_.verb == Verb::explain && !options_.argument.empty());
    if (!request_.targets.empty() || (!needs_one && !takes_deployed)) return done;
    if (takes_deployed) request_.targets = driver::deployed(program(), request_, backends(), sink_);
    if (sink_.has_errors()) return no;
    if (!request_.targets.empty() && !driver::check_settings(request_, backends(), sink_)) return usage;
    if (!needs_one || !request_.targets.empty()) return done;
    sink_.add_unlocated(diag::wrong_usage, "no target; choose one with --target (polc targets lists them), or let the policy `deploy` some");
    return usage;
  }

  // Of a file the part behind its last dot; a directory takes each target's own.
  static std::string suffix_of(const std::string& output) {
    std::error_code error;
    if (std::filesystem::is_directory(output, error) || (!output.empty() && output.back() == '/')) return "*";
    const std::string extension = std::filesystem::path(output).extension().string();
    return extension.empty() ? "" : extension.substr(1);
  }

  void add_architectures() {
    std::vector<Arch> architectures;
    for (const std::string& name : options_.architectures) {
      const auto arch = find_arch(name);
      if (!arch) report_unknown_arch(name);
      else if (std::find(architectures.begin(), architectures.end(), *arch) == architectures.end()) architectures.push_back(*arch);
    }
    if (architectures.empty()) return;
    request_.arch = architectures.front();
    request_.more_architectures.assign(architectures.begin() + 1, architectures.end());
  }

  void report_unknown_arch(const std::string& name) {
    auto added = sink_.add_unlocated(diag::wrong_usage, fmt::format("unknown architecture `{}`; there is {}", name, fmt::join(arch_names, ", ")));
    if (const auto known = sema::arch_called(name)) added.note(fmt::format("did you mean `{}`?", *known));
  }

  // False: the file could not be read or understood, and it is said.
  bool add_profile() {
    if (options_.profile.empty()) return true;
    const auto text = read_file(options_.profile, syntax::largest_file);
    if (!text) {
      sink_.add_unlocated(diag::cannot_read, text.error().message());
      return false;
    }
    auto profile = driver::read_profile(*text);
    if (!profile) sink_.add_unlocated(diag::bad_profile, options_.profile, profile.error().line, profile.error().message);
    else request_.call_counts = std::move(*profile);
    return profile.has_value();
  }

  int told(const driver::Answer& answer) {
    const int status = print(answer.text);
    if (status != done) return status;
    return answer.yes && !sink_.has_errors() ? done : no;
  }

  int compile() {
    const auto compilation = driver::compile(std::move(loaded_.program), request_, backends(), sources_, sink_);
    if (sink_.has_errors()) return no;
    std::vector<std::string> written = artefact_files(compilation, options_);
    written.insert(written.end(), {options_.depfile, options_.fidelity_output});
    std::vector<std::string> read = loaded_.files;
    read.push_back(options_.profile);
    if (!are_apart(written, read, sink_)) return usage;
    if (const int status = write_artefacts(compilation, options_, sink_); status != done) return status;
    if (!options_.depfile.empty())
      if (const int status = write_file(options_.depfile, depfile(compilation), sink_); status != done) return status;
    return report(compilation);
  }

  std::string depfile(const driver::Compilation& compilation) const {
    const auto escaped = [](const std::string& path) {
      std::string text;
      for (const char c : path) text += c == ' ' || c == '#' || c == '\\' ? std::string("\\") + c : c == '$' ? "$$" : std::string(1, c);
      return text;
    };
    std::string text;
    for (const auto& file : artefact_files(compilation, options_)) text += (text.empty() ? "" : " ") + escaped(file);
    text += ":";
    for (const auto& file : loaded_.files) text += " " + escaped(file);
    if (!options_.profile.empty() && !find_open_descriptor(options_.profile)) text += " " + escaped(options_.profile);
    return text + "\n";
  }

  int report(const driver::Compilation& compilation) {
    std::string text;
    if (options_.fidelity == "json") text = target::json_of(driver::ledgers_of(compilation), sources_);
    else if (options_.fidelity == "table") text = target::table_of(driver::ledgers_of(compilation), sources_, colour());
    else if (options_.fidelity == "summary")
      for (const auto& result : compilation.results)
        if (result.emitted) text += target::summary_of({result.policy, result.backend, &result.enforced.outcome, result.meaning}, sources_);
    if (options_.verb == Verb::fidelity) return print(text);
    if (!options_.fidelity_output.empty()) return write_file(options_.fidelity_output, text, sink_);
    if (options_.diagnostics != "json") (void)write_all(STDERR_FILENO, text, "standard error");
    return done;
  }

  // Where the report goes to standard output, and that is a terminal of someone who wants colours.
  bool colour() const {
    return options_.verb == Verb::fidelity && isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  }

  // The report shows what is wrong too, so errors of judgement do not keep it from being printed.
  int fidelity() {
    if (options_.ladder) return ladder();
    const auto compilation = driver::compile(std::move(loaded_.program), request_, backends(), sources_, sink_);
    const int status = report(compilation);
    return status != done ? status : sink_.has_errors() ? no : done;
  }

  int ladder() {
    const target::Ladder* const ladder = request_.targets.size() == 1 ? polc::backends::find_ladder(request_.targets.front()) : nullptr;
    if (ladder == nullptr) {
      std::vector<std::string_view> names;
      for (const target::Backend* backend : backends())
        if (polc::backends::find_ladder(backend->name) != nullptr) names.push_back(backend->name);
      sink_.add_unlocated(diag::wrong_usage, fmt::format("`--ladder` is for one target that can be compiled for several kernels: {}", fmt::join(names, ", ")));
      return usage;
    }
    return print(driver::ladder_of(program(), request_, *ladder, backends(), options_.fidelity == "json", {}, sources_));
  }

  // The stage that --dump, --dump-after or --stop-after asks for.
  std::optional<driver::Stage> stage() const {
    if (!options_.dump_after.empty()) return driver::Stage::optimised;
    const std::string& name = options_.dump.empty() ? options_.stop_after : options_.dump;
    const auto found = std::find(driver::stage_names.begin(), driver::stage_names.end(), name);
    if (found == driver::stage_names.end()) return std::nullopt;
    return static_cast<driver::Stage>(found - driver::stage_names.begin());
  }

  int print_stage(driver::Stage wanted) {
    const std::string text = driver::stage_text(program(), request_, wanted, options_.dump_after, backends(), sources_, sink_);
    if (sink_.has_errors()) return no;
    return options_.dump.empty() && options_.dump_after.empty() ? done : print(text);
  }

  static int print_passes() {
    std::string text;
    for (const opt::Pass& pass : opt::passes()) text += fmt::format("{:<18} {}\n", pass.name, pass.what);
    return print(text);
  }

  int ask() {
    if (options_.verb == Verb::explain && options_.argument.empty())
      return told(driver::explain_policy(program(), request_, backends(), sources_, sink_));
    const diag::SourceId text = sources_.add("<access>", options_.argument);
    const auto access = syntax::parse_access(sources_, text, sink_);
    if (!access) return usage;
    const auto answer = options_.verb == Verb::query ? driver::query : driver::explain_access;
    return told(answer(program(), request_, *access, backends(), sources_, sink_));
  }

  int diff() {
    driver::Loaded now;
    if (const int status = load({options_.argument}, now); status != done) return status;
    return told(driver::compare(program(), now.program, request_, backends(), sources_, sink_));
  }

  int diff_artefacts() {
    if (request_.targets.size() != 1) {
      sink_.add_unlocated(diag::wrong_usage, "artefacts are compared on one target: --target=T");
      return usage;
    }
    const auto before = read_file(options_.files.front(), syntax::largest_file), now = read_file(options_.argument, syntax::largest_file);
    for (const auto* file : {&before, &now}) {
      if (*file) continue;
      sink_.add_unlocated(diag::cannot_read, file->error().message());
      return world;
    }
    return told(driver::compare_artefacts({options_.files.front(), *before}, {options_.argument, *now}, request_, backends(), sources_, sink_));
  }

  int told(const driver::ComparedAll& compared) {
    if (sink_.has_errors()) return no;
    const auto print_as = options_.format == "json" ? driver::json_of : options_.format == "markdown" ? driver::markdown_of : driver::text_of;
    const int status = print(print_as(compared, sources_));
    if (status != done || options_.fail_on.empty()) return status;
    const bool is_wider = options_.fail_on != "narrower" && driver::has(compared, diff::Direction::gained);
    const bool is_narrower = options_.fail_on != "wider" && driver::has(compared, diff::Direction::lost);
    return is_wider || is_narrower ? no : done;
  }

  int verify() {
    const auto artefact = read_file(options_.argument, syntax::largest_file);
    if (!artefact) {
      sink_.add_unlocated(diag::cannot_read, artefact.error().message());
      return world;
    }
    return told(driver::verify(program(), request_, {options_.argument, *artefact}, backends(), sources_, sink_));
  }

  const Options& options_;
  diag::SourceMap sources_;
  diag::Sink sink_;
  driver::CompileRequest request_;
  driver::Loaded loaded_;
  bool linted_ = false;
  bool started_ = false;  // the statuses are those of `run` from there on
};

}  // namespace

int run(const Options& options) { return Session(options).run(); }

}  // namespace polc::cli
