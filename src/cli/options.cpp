#include "cli/options.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <sstream>

#include <CLI/CLI.hpp>

#include "cli/arguments.hpp"
#include "cli/outputs.hpp"
#include "cli/run_status.hpp"
#include "diag/catalogue.hpp"
#include "driver/stages.hpp"
#include "opt/pipeline.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

struct VerbRow {
  std::string_view name;
  Verb verb;
  const char* summary;
};
constexpr VerbRow verbs[] = {
    {"test", Verb::test, "asks each expectation of the policy, and of what is emitted"},
    {"query", Verb::query, "tells whether an access is allowed, by which rules"},
    {"explain", Verb::explain, "tells all about an access or a diagnostic"},
    {"fidelity", Verb::fidelity, "shows what each target makes of each rule"},
    {"diff", Verb::diff, "shows what a change newly allows and newly denies"},
    {"verify", Verb::verify, "compares an artefact with the policy"},
    {"lint", Verb::lint, "finds what a careful reviewer would ask about"},
    {"fmt", Verb::fmt, "lays policies out"},
    {"regex", Verb::regex, "prints the regex of a set of ports"},
    {"run", Verb::run, "starts a program under a policy"},
    {"probe", Verb::probe, "tells what this host enforces"},
    {"package", Verb::package, "writes what a distribution's package needs"},
    {"targets", Verb::targets, "lists the targets and their options"},
    {"completion", Verb::completion, "prints a shell's completion"},
    {"manual", Verb::manual, "prints a manual page"},
};

constexpr const char* about = "polc compiles one sandbox policy for several enforcement mechanisms.";
constexpr const char* statuses = "0 done or yes; 1 the policy is at fault or the answer is no; 2 wrong usage; 3 the world failed.";

std::string footer() {
  std::string names;
  for (const VerbRow& row : verbs) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return "Verbs: " + names + " (polc VERB --help).\nExit status: " + statuses;
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const VerbRow& row : verbs) names.emplace_back(row.name);
  return names;
}

// An option that may be given several times, with one word each: what follows that word is a FILE again.
CLI::Option* add_list(CLI::App& app, const char* names, std::vector<std::string>& values, const char* help) {
  return app.add_option(names, values, help)->allow_extra_args(false);
}

// The same, where the word may be several with commas between.
CLI::Option* add_comma_list(CLI::App& app, const char* names, std::vector<std::string>& values, const char* help) {
  return add_list(app, names, values, help)->delimiter(',');
}

// What a policy is compiled as, and how strictly.
void add_configuration(CLI::App& app, Options& options, const char* architectures = "the architecture (x86_64)") {
  add_comma_list(app, "--variant", options.variants, "a platform and any features")->type_name("V[,V...]");
  add_comma_list(app, "--arch", options.architectures, architectures)->type_name("A[,A...]");
  add_list(app, "--option", options.settings, "[TARGET.]KEY=VALUE; wins over the policy's own")->type_name("K=V");
  add_list(app, "--let", options.lets, "another value for a top-level `let` of FILE; one that begins with / is a path as it stands")->type_name("NAME=VALUE");
  add_list(app, "-I", options.directories, "where imports are looked for")->type_name("DIR");
  add_list(app, "--include-dir", options.include_directories, "where what artefacts and raw text include is looked for")->type_name("DIR");
  app.add_flag("--strict", options.strict, "what the whole set of targets leaves open is an error");
}

void add_common(CLI::App& app, Options& options) {
  add_comma_list(app, "-t,--target", options.targets, "what to compile for; several with commas")->type_name("T[,T...]");
  app.add_option("--policy", options.policy, "one policy, when the file holds several")->type_name("NAME");
  add_configuration(app, options, "the architecture (x86_64); several for a target that can serve them in one");
  app.add_option("--profile", options.profile, "how often each call is made: lines CALL,COUNT or what strace -c prints")->type_name("FILE");
  app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
}

void add_output(CLI::App& app, Options& options) {
  app.add_option("-o", options.output, "a file, or a directory for several artefacts; - is standard output")->type_name("OUT");
  app.add_option("--format", options.format, "the target's format")->type_name("F");
  app.add_option("--fidelity", options.fidelity, "summary, table, json or none")
      ->check(CLI::IsMember({"summary", "table", "json", "none"}))->type_name("F");
  app.add_option("--fidelity-out", options.fidelity_output, "write the fidelity report there")->type_name("FILE");
  app.add_flag("--fuse", options.fuse, "several policies in one artefact: what all of them allow");
  app.add_option("--depfile", options.depfile, "the files that were read, for make and ninja")->type_name("FILE");
}

void add_artefact(CLI::App& app, Options& options) {
  app.add_flag("--artefact", options.artefacts, "FILE is an artefact of the one --target, made by anyone: what does it permit?");
  app.add_option("--format", options.format, "the artefact's format; else by its suffix")->type_name("F");
}

std::vector<std::string> pass_names() {
  std::vector<std::string> names;
  for (const opt::Pass& pass : opt::passes()) names.emplace_back(pass.name);
  return names;
}

void add_stages(CLI::App& app, Options& options) {
  const std::vector<std::string> stages(driver::stage_names.begin(), driver::stage_names.end());
  app.add_option("--dump", options.dump, "print a stage instead of compiling: ast, ir, optimised, legal")
      ->check(CLI::IsMember(stages))->type_name("STAGE");
  app.add_option("--stop-after", options.stop_after, "go no further than a stage, and print nothing")
      ->check(CLI::IsMember(stages))->type_name("STAGE");
  app.add_flag("--print-passes", options.print_passes, "the passes of the optimiser, in their order");
  add_comma_list(app, "--disable-pass", options.disabled_passes, "leave out a pass")->check(CLI::IsMember(pass_names()))->type_name("P[,P...]");
  app.add_option("--dump-after", options.dump_after, "print what the optimiser has after a pass")
      ->check(CLI::IsMember(pass_names()))->type_name("P");
}

// One file and then something else: a list would swallow both.
void one_file(CLI::App& app, Options& options, const char* what) {
  app.add_option_function<std::string>("FILE", [&options](const std::string& file) { options.files = {file}; }, what)->required();
}

void describe(CLI::App& app, Verb verb, Options& options) {
  options.verb = verb;
  switch (verb) {
    case Verb::compile:
      app.add_option("FILE", options.files, "the policy; - is standard input")->required();
      add_common(app, options);
      add_output(app, options);
      add_stages(app, options);
      app.set_version_flag("--version", std::string("polc ") + POLC_VERSION);
      app.footer(footer());
      break;
    case Verb::test:
      app.add_option("FILE", options.files, "the policies")->required();
      add_common(app, options);
      app.add_flag("--coverage", options.coverage, "which rules does no expectation name?");
      app.add_flag("--mutate", options.mutate, "leave out and widen each rule in turn: which mutants does no expectation notice?");
      break;
    case Verb::query:
      one_file(app, options, "the policy, or with --artefact an artefact");
      app.add_option("ACCESS", options.argument, "for example: 'read \"/etc/passwd\"'")->required();
      add_common(app, options);
      add_artefact(app, options);
      app.add_flag("--batch", options.batch, "with --artefact: accesses from standard input, one a line; an answer a line, in their order");
      break;
    case Verb::explain:
      one_file(app, options, "the policy, with --artefact an artefact, or the id of a diagnostic (P2003)");
      app.add_option("ACCESS", options.argument, "why this access is decided as it is");
      add_common(app, options);
      add_artefact(app, options);
      break;
    case Verb::fidelity:
      app.add_option("FILE", options.files, "the policy")->required();
      add_common(app, options);
      options.fidelity = "table";
      app.add_option("--format", options.fidelity, "table or json")->check(CLI::IsMember({"table", "json"}))->type_name("F");
      app.add_flag("--ladder", options.ladder, "what changes from one kernel to the next, for a target that can be compiled for several");
      break;
    case Verb::diff:
      app.add_option_function<std::string>("OLD", [&options](const std::string& file) { options.files = {file}; }, "the policy as it was")->required();
      app.add_option("NEW", options.argument, "the policy as it is")->required();
      add_common(app, options);
      options.format = "text";
      app.add_option("--format", options.format, "text, json or markdown")->check(CLI::IsMember({"text", "json", "markdown"}))->type_name("F");
      app.add_flag("--artefacts", options.artefacts, "OLD and NEW are artefacts of the one --target");
      app.add_option("--fail-on", options.fail_on, "status 1 when anything is newly allowed (wider), newly denied (narrower) or either (any)")
          ->check(CLI::IsMember({"wider", "narrower", "any"}))->type_name("W");
      break;
    case Verb::verify:
      one_file(app, options, "the policy");
      app.add_option("ARTEFACT", options.argument, "the file to compare with it")->required();
      add_common(app, options);
      app.add_option("--format", options.format, "the artefact's format")->type_name("F");
      break;
    case Verb::lint:
      app.add_option("FILE", options.files, "the policies; of a directory every .pol below it, each by itself")->required();
      add_common(app, options);
      options.format = "text";
      app.add_option("--format", options.format, "text, gcc, json, sarif, github or junit")
          ->check(CLI::IsMember({"text", "gcc", "json", "sarif", "github", "junit"}))->type_name("F");
      add_comma_list(app, "--select", options.select, "only these checks, those whose ids begin so, or those of a group (paths, network ...)")->type_name("ID[,ID...]");
      add_comma_list(app, "--ignore", options.ignore, "not these checks")->type_name("ID[,ID...]");
      app.add_option("--fail-level", options.fail_level, "from which severity on the status is 1")
          ->check(CLI::IsMember({"error", "warning", "info", "never"}))->type_name("L");
      app.add_flag("--fix", options.fix, "follow the hints that keep the meaning, in the files");
      app.add_flag("--unsafe-fixes", options.unsafe_fixes, "the others, too");
      app.add_flag("--diff", options.show_diff, "show what --fix would write, and write nothing; status 1 if there is anything");
      app.add_option("--today", options.today, "the date for @until; else SOURCE_DATE_EPOCH, else the system's")->type_name("YYYY-MM-DD");
      break;
    case Verb::fmt:
      app.add_option("FILE", options.files, "the policies, or directories of them; - is standard input, formatted to standard output")->required();
      app.add_flag("--check", options.check, "change nothing; name the files that would change; status 1 when there are any");
      app.add_flag("--diff", options.show_diff, "change nothing; print what would change; status 1 when anything would");
      app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
      break;
    case Verb::regex:
      app.add_option("PORTS", options.argument, "for example: 80,443,8000-8100")->required();
      app.add_option("--mode", options.regex_mode, "domain: 65536-99999 do not occur and may match; strict: they may not")
          ->check(CLI::IsMember({"domain", "strict"}))->type_name("M");
      app.add_option("--style", options.regex_style, "one: the shortest; rules: one a block, each without alternatives")
          ->check(CLI::IsMember({"one", "rules"}))->type_name("S");
      app.add_option("--frame", options.regex_frame, "none, howto (inet-.*:...$) or strict (^inet-\\[.*\\]:(...)$)")
          ->check(CLI::IsMember({"none", "howto", "strict"}))->type_name("F");
      break;
    case Verb::package:
      one_file(app, options, "the policy");
      app.add_option("--distro", options.distribution, "debian, opensuse or fedora")->required()->check(CLI::IsMember({"debian", "opensuse", "fedora"}))->type_name("D");
      app.add_option("--out", options.output, "the directory to write to")->required()->type_name("DIR");
      app.add_option("--policy", options.policy, "one policy, when the file holds several")->type_name("NAME");
      app.add_option("--package", options.package, "the binary package; by default called as the policy")->type_name("NAME");
      app.add_option("--unit", options.unit, "the unit that the drop-in is for; by default PACKAGE.service")->type_name("UNIT");
      add_configuration(app, options);
      app.add_flag("--force", options.force, "write over files that say something else");
      app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
      break;
    case Verb::run:
      app.add_option("FILE", options.files, "the policy, then -- and the command: this verb starts a program")->required();
      app.add_option("--policy", options.policy, "one policy, when the file holds several and none names the command as its program")->type_name("NAME");
      add_configuration(app, options);
      app.add_option("--abi", options.abi, "the ABI of Landlock that the kernel must come up to (6); more is put in force where it is there")->type_name("N");
      app.add_flag("--best-effort", options.best_effort, "start it on an older Landlock, too, and say what is open");
      app.add_option("--without", options.without, "leave out a half: landlock or seccomp")->check(CLI::IsMember({"landlock", "seccomp"}))->type_name("H");
      app.add_flag("--trial", options.trial, "log what would be refused and let it happen; without Landlock");
      app.add_option("--user", options.account, "become this user first (root only)")->type_name("NAME[:GROUP]");
      add_comma_list(app, "--keep-fd", options.kept, "descriptors that the program gets beside 0, 1 and 2")->type_name("N[,N...]");
      app.add_flag("--report{text}", options.report, "look at the started program and tell what holds: --report, --report=json")
          ->check(CLI::IsMember({"text", "json"}));
      app.add_option("--report-out", options.report_output, "write the report there; without it, to standard error")->type_name("FILE");
      app.add_flag("--print", options.print_plan, "print what would be put in force, and start nothing");
      app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
      break;
    case Verb::probe:
      options.format = "text";
      app.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
      break;
    case Verb::targets:
      app.add_option("TARGET", options.argument, "all about one");
      options.format = "text";
      app.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
      break;
    case Verb::completion:
      app.add_option("SHELL", options.argument, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
      break;
    case Verb::manual:
      app.add_option("VERB", options.argument, "the page of one verb")->check(CLI::IsMember(verb_names()));
      break;
  }
}

// `{text,json}` at the end of what CLI11 calls the type: the words that the value may be.
std::vector<std::string> words_of(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t begin = type.find('{'), end = type.find('}');
  if (begin == type.npos || end == type.npos) return words;
  for (std::size_t at = begin + 1; at < end;) {
    const std::size_t comma = std::min(type.find(',', at), end);
    words.push_back(type.substr(at, comma - at));
    at = comma + 1;
  }
  return words;
}

OptionText text_of(const CLI::Option& option) {
  OptionText text;
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  const std::string type = option.get_type_name();
  text.is_positional = option.get_positional();
  if (option.get_items_expected_max() > 0 || text.is_positional) text.value = text.is_positional ? option.get_name() : type.substr(0, type.find(':'));
  text.words = words_of(type);
  text.is_list = option.get_delimiter() == ',';
  text.is_repeatable = option.get_items_expected_max() > 1;
  text.is_required = option.get_required();
  text.help = option.get_description();
  return text;
}

struct Line {
  const VerbRow* verb = nullptr;  // none: compile
  std::vector<Argument> arguments;

  bool has(std::string_view option) const { return std::ranges::find(arguments, option, &Argument::option) != arguments.end(); }
};

Line line_of(const std::vector<std::string>& words) {
  Line line{nullptr, split(words, takes_value)};
  const auto first = std::ranges::find_if(line.arguments, &Argument::is_word);
  if (first == line.arguments.end() || first->is_after_mark) return line;
  const auto row = std::ranges::find(verbs, std::string_view(*first->value), &VerbRow::name);
  // The version is that of the program, whatever follows.
  if (row == std::end(verbs) || std::any_of(line.arguments.begin(), first, [](const Argument& one) { return one.option == "--version"; })) return line;
  line.verb = row;
  line.arguments.erase(first);
  return line;
}

bool has_empty_part(const std::string& value, bool is_list) {
  return value.empty() || (is_list && (value.front() == ',' || value.back() == ',' || value.find(",,") != value.npos));
}

// `polc run FILE -- CMD`: a word of the command, which is nobody's to look at.
bool is_command(const Line& line, const Argument& argument) { return line.verb != nullptr && line.verb->verb == Verb::run && argument.is_after_mark; }

// What CLI11 would take for something else: it takes the word behind `--target=` for its value, and `---x` for a FILE.
std::optional<std::string> mistake_in(const Line& line, const CLI::App& app) {
  for (const Argument& argument : line.arguments) {
    if (argument.is_word()) {
      if (argument.value->empty() && !is_command(line, argument)) return "an argument is empty";
      continue;
    }
    const CLI::Option* option = app.get_option_no_throw(argument.option);
    if (option == nullptr) return "there is no option `" + argument.option + "` here";
    if (argument.value && has_empty_part(*argument.value, option->get_delimiter() == ',')) return "`" + argument.option + "` has an empty value";
    if (!argument.value && option->get_items_expected_max() > 0) return "`" + argument.option + "` needs a value";
  }
  return std::nullopt;
}

std::vector<std::string> words_in(const Line& line, bool of_command = false) {
  std::vector<std::string> words;
  for (const Argument& argument : line.arguments)
    if (argument.is_word() && is_command(line, argument) == of_command) words.push_back(*argument.value);
  return words;
}

// In the one order that nobody can misread: each option with its value in one word, `--`, then the rest. CLI11 wants it backwards.
std::vector<std::string> for_parsing(const Line& line) {
  std::vector<std::string> all;
  for (const Argument& argument : line.arguments)
    if (!argument.is_word()) {
      const bool is_long = argument.option.starts_with("--");
      all.push_back(argument.option + (argument.value ? (is_long ? "=" : "") + *argument.value : ""));
    }
  all.emplace_back("--");
  const std::vector<std::string> rest = words_in(line);
  all.insert(all.end(), rest.begin(), rest.end());
  std::ranges::reverse(all);
  return all;
}

// As every message, and in JSON for who asked for that anywhere on the line.
int wrong(const Line& line, const std::string& what) {
  Options options;
  for (const Argument& argument : line.arguments)
    if (argument.option == "--diagnostics" && argument.value == "json") options.diagnostics = "json";
  diag::Sink sink;
  sink.add_unlocated(diag::wrong_usage, what).note("`polc " + (line.verb == nullptr ? "" : std::string(line.verb->name) + " ") + "--help` tells what there is");
  print_diagnostics({}, sink, options);
  // Its other statuses are those of the command.
  return line.verb != nullptr && line.verb->verb == Verb::run && !line.has("--print") ? int{not_started} : int{usage};
}

}  // namespace

CommandLineText command_line_text() {
  CommandLineText result{about, statuses, {}};
  const auto add = [&](std::string_view name, Verb verb, const char* summary) {
    Options options;
    CLI::App app;
    describe(app, verb, options);
    VerbText text{std::string(name), summary, {}};
    for (const CLI::Option* option : app.get_options()) text.options.push_back(text_of(*option));
    result.verbs.push_back(std::move(text));
  };
  add("", Verb::compile, "compiles");
  for (const VerbRow& row : verbs) add(row.name, row.verb, row.summary);
  return result;
}

std::variant<Options, int> parse_command_line(const std::vector<std::string>& words) {
  Options options;
  const Line line = line_of(words);
  CLI::App app(about, line.verb == nullptr ? "polc" : "polc " + std::string(line.verb->name));
  describe(app, line.verb == nullptr ? Verb::compile : line.verb->verb, options);
  if (const auto mistake = mistake_in(line, app)) return wrong(line, *mistake);
  if (line.has("--print-passes")) app.get_option("FILE")->required(false);
  if (line.has("--batch")) app.get_option("ACCESS")->required(false);
  try {
    app.parse(for_parsing(line));
  } catch (const CLI::ParseError& error) {
    // CLI11 has statuses of its own; ours are in the footer. Help and version are 0.
    std::ostringstream out, err;
    return app.exit(error, out, err) == 0 ? print(out.str()) : wrong(line, error.what());
  }
  // As they were written: a list of CLI11 takes `[a,b]` for two.
  if (const CLI::Option* file = app.get_option_no_throw("FILE"); file != nullptr && file->get_items_expected_max() > 1) options.files = words_in(line);
  if (options.verb == Verb::run) options.command = words_in(line, true);
  if (options.verb == Verb::run && options.command.empty()) return wrong(line, "no command: polc run FILE -- CMD [ARG...]");
  if (options.verb == Verb::run && std::ranges::any_of(options.files, [](const std::string& file) { return find_open_descriptor(file).has_value(); }))
    return wrong(line, "FILE must be a file: standard input is the command's");
  if (options.verb == Verb::package && find_open_descriptor(options.files.front()))
    return wrong(line, "FILE must be a file, which goes into the package: standard input has no name");
  return options;
}

}  // namespace polc::cli
