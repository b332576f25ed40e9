#include "cli/learn_options.hpp"

#include <CLI/CLI.hpp>

namespace polc::cli {
namespace {

void add_diagnostics(CLI::App& app, Options& options) {
  app.add_option("--diagnostics", options.diagnostics, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
}

void add_imports(CLI::App& app, Options& options) {
  app.add_option("-I", options.directories, "where imports are looked for")->allow_extra_args(false)->type_name("DIR");
}

void add_words(CLI::App& app, const char* name, std::vector<std::string>& words, const char* help, const char* type) {
  app.add_option(name, words, help)->allow_extra_args(false)->delimiter(',')->type_name(type);
}

void add_policy(CLI::App& app, Options& options) {
  add_words(app, "-t,--target", options.targets, "what enforces it; by default what the policy deploys", "T[,T...]");
  app.add_option("--policy", options.policy, "one policy, when the file holds several")->type_name("NAME");
  add_imports(app, options);
  add_words(app, "--variant", options.variants, "a platform and any features", "V[,V...]");
}

}  // namespace

void describe_learn(CLI::App& app, Options& options) {
  app.add_option("FILE", options.files, "traces of strace, audit or kernel logs, or evidence; - is standard input. Or -- and a command, which this verb starts under strace")->required();
  app.add_option("-o", options.output, "the policy, or with --summary or --merge the evidence; - is standard output")->type_name("OUT");
  app.add_option("--program", options.first_program, "what the first process of a trace runs: its real path, where the trace has a link or none")->type_name("PATH");
  app.add_option("--runs", options.run_name, "the name of the run that the logs show; by default each is one")->type_name("ID");
  app.add_option("--keep", options.keep, "with a command: keep the trace there")->type_name("FILE");
  app.add_flag("--summary", options.summary, "the evidence of a log, and no policy");
  app.add_flag("--merge", options.merge, "several files of evidence to one, and no policy");
  app.add_option("--name", options.name, "what the policy is called; by default as its program")->type_name("NAME");
  app.add_option("--base", options.base, "a policy that is there already: only what it does not allow is learned, as an overlay of it")->type_name("FILE");
  app.add_flag("--exact", options.exact, "only what was seen: no rewrite");
  add_words(app, "--no", options.left_out, "leave out a rewrite: G1 to G10", "G[,G...]");
  add_words(app, "--use", options.wanted, "use an abstraction, whatever was seen", "NAME[,NAME...]");
  app.add_flag("--inline", options.inlines, "what an executed program does is its caller's");
  app.add_option("--rare", options.rare, "the report lists rules seen in fewer runs than these")->type_name("N");
  options.format = "pol";
  app.add_option("--format", options.format, "pol or report")->check(CLI::IsMember({"pol", "report"}))->type_name("F");
  add_diagnostics(app, options);
}

void describe_replay(CLI::App& app, Options& options) {
  app.add_option("FILE", options.files, "the policy, then logs or evidence; - is standard input")->required();
  add_policy(app, options);
  options.format = "text";
  app.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}))->type_name("F");
  options.fail_on = "deny";
  app.add_option("--fail-on", options.fail_on, "status 1 when anything would be denied (deny), when a rule was not used, too (unused), or never")
      ->check(CLI::IsMember({"deny", "unused", "never"}))->type_name("W");
  add_diagnostics(app, options);
}

void describe_why(CLI::App& app, Options& options) {
  app.add_option("FILE", options.files, "the policy, then what was refused: a line of a log, `syscall 41`, an access; - reads lines from standard input")->required();
  add_policy(app, options);
  add_diagnostics(app, options);
}

}  // namespace polc::cli
