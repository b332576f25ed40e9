#include "cli/verb_options.hpp"

#include <CLI/CLI.hpp>

#include "cli/learn_options.hpp"
#include "cli/stage_options.hpp"

namespace polc::cli {
namespace {

constexpr VerbRow verbs[] = {
    {"test", Verb::test, "asks each expectation of the policy, and of what is emitted"},
    {"query", Verb::query, "tells whether an access is allowed, by which rules"},
    {"explain", Verb::explain, "tells all about an access or a diagnostic"},
    {"fidelity", Verb::fidelity, "shows what each target makes of each rule"},
    {"diff", Verb::diff, "shows what a change newly allows and newly denies"},
    {"verify", Verb::verify, "compares an artefact with the policy"},
    {"import", Verb::import, "writes a policy from what somebody wrote for a target"},
    {"lint", Verb::lint, "finds what a careful reviewer would ask about"},
    {"fmt", Verb::fmt, "lays policies out"},
    {"regex", Verb::regex, "prints the regex of a set of ports"},
    {"learn", Verb::learn, "makes a policy of what a program was seen to do"},
    {"replay", Verb::replay, "tells what a policy would have refused of what programs did"},
    {"why", Verb::why, "turns one refusal into the line to add"},
    {"run", Verb::run, "starts a program under a policy"},
    {"probe", Verb::probe, "tells what this host enforces"},
    {"package", Verb::package, "writes what a distribution's package needs"},
    {"targets", Verb::targets, "lists the targets and their options"},
    {"completion", Verb::completion, "prints a shell's completion"},
    {"manual", Verb::manual, "prints a manual page"},
};

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

// One file and then something else: a list would swallow both.
void one_file(CLI::App& app, Options& options, const char* what) {
  app.add_option_function<std::string>("FILE", [&options](const std::string& file) { options.files = {file}; }, what)->required();
}

}  // namespace

std::span<const VerbRow> verb_rows() { return verbs; }

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
    case Verb::import:
      app.add_option_function<std::string>("TARGET", [&options](const std::string& target) { options.targets = {target}; }, "whose artefact it is")
          ->required()->type_name("TARGET");
      one_file(app, options, "the profile, policy, unit or filter");
      app.add_option("-o", options.output, "the policy; else, or with -, standard output")->type_name("OUT");
      app.add_option("--format", options.format, "the artefact's format; else by its suffix")->type_name("F");
      app.add_option("--name", options.policy, "what the policy is called; else as the file")->type_name("NAME");
      add_comma_list(app, "--arch", options.architectures, "the architecture (x86_64)")->type_name("A[,A...]");
      add_list(app, "--option", options.settings, "KEY=VALUE of the target, as for compiling")->type_name("K=V");
      add_list(app, "--include-dir", options.include_directories, "where what the artefact includes is looked for")->type_name("DIR");
      app.add_flag("--report{-}", options.report_output, "what became of each line, as JSON: --report=FILE; without FILE to standard output");
      app.add_flag("--no-check", options.unchecked, "do not compile it again and compare");
      app.add_flag("--strict", options.strict, "status 1, and nothing is written, unless it is equal and all is said");
      app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
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
      app.add_option("--learn", options.learned, "watch it with strace, and write there, as evidence for polc learn, what it did under the policy")->type_name("OUT");
      app.add_flag("--print", options.print_plan, "print what would be put in force, and start nothing");
      app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
      break;
    case Verb::learn: describe_learn(app, options); break;
    case Verb::replay: describe_replay(app, options); break;
    case Verb::why: describe_why(app, options); break;
    case Verb::probe:
      app.add_option("FILE", options.files, "a policy: what becomes of it here, and would `run` start a program under it?");
      app.add_option("--policy", options.policy, "one policy, when the file holds several")->type_name("NAME");
      add_configuration(app, options);
      app.add_option("--abi", options.abi, "the ABI of Landlock that `run` wants (6)")->type_name("N");
      app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
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

}  // namespace polc::cli
