// The command line, as a value: options and FILEs in any order; the first word that is neither an option nor the value of
// one is the verb, if there is a verb of that name (a file of that name is `./test`).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace polc::cli {

enum class Verb : std::uint8_t { compile, test, query, explain, fidelity, diff, verify, lint, fmt, regex, package, targets, completion, manual, run, probe, import, learn, replay, why };

struct Options {
  Verb verb = Verb::compile;
  std::vector<std::string> files;
  std::string argument;  // query, explain: the access; verify: the artefact; diff: NEW; targets: one target; regex: ports; completion: a shell; manual: a verb
  std::vector<std::string> targets;
  std::string output;
  std::string format;
  std::string policy;
  std::vector<std::string> variants;
  std::vector<std::string> architectures;  // none: x86_64
  bool fuse = false;
  std::string profile;  // how often each call is made
  std::vector<std::string> settings;  // key=value
  std::vector<std::string> lets;      // NAME=VALUE
  std::vector<std::string> directories;
  std::vector<std::string> include_directories;  // of what artefacts include
  bool strict = false;
  std::string fidelity = "summary";
  std::string fidelity_output;
  std::string depfile;
  std::string diagnostics = "text";
  std::string dump;        // a stage to print instead of compiling
  std::string stop_after;  // a stage to reach, printing nothing
  std::string dump_after;  // a pass of the optimiser
  bool print_passes = false;
  std::vector<std::string> disabled_passes;
  std::vector<std::string> select, ignore;  // lint
  std::string fail_level = "warning", today;
  bool fix = false, unsafe_fixes = false;
  bool coverage = false, mutate = false;  // test
  bool ladder = false;     // fidelity: for each kernel that the target can be compiled for
  bool artefacts = false;  // diff: OLD and NEW are artefacts of one target; query, explain: FILE is one
  bool batch = false;      // query
  bool unchecked = false;  // import
  bool check = false;      // fmt
  bool show_diff = false;  // fmt, lint
  std::string distribution, package, unit;  // package
  bool force = false;      // package
  std::string fail_on;  // diff: wider, narrower or any
  std::vector<std::string> command;  // run, learn: what stands behind `--`
  std::string abi, without, account, report, report_output;  // run; import: report_output
  std::vector<std::string> kept;     // run: descriptors
  bool best_effort = false, trial = false, print_plan = false;  // run
  bool summary = false, merge = false, exact = false, inlines = false;  // learn
  std::string name;
  std::vector<std::string> left_out, wanted;
  std::size_t rare = 0;
  std::string first_program, run_name, keep, base;  // learn
  std::string learned;             // run: where evidence of what the program did is written
  std::vector<std::string> words;  // the command line itself
  std::string regex_mode = "domain", regex_style = "one", regex_frame = "none";
};

/// Either what to do, or an exit status after help, version or a usage message was printed.
/// The words are those behind the program's name.
std::variant<Options, int> parse_command_line(const std::vector<std::string>& words);

/// The command line as text: completions and manual pages are made of what it is read by.
struct OptionText {
  std::vector<std::string> names;  // -o, --option; none of a positional one
  std::string value;               // what it is called in help; empty: it takes none
  std::vector<std::string> words;  // the values that it may have, if they are few
  bool is_positional = false, is_required = false;
  bool is_list = false;            // of values with commas
  bool is_repeatable = false;      // it may be given several times; each time with one word
  std::string help;
};
struct VerbText {
  std::string name;  // empty: compile, which has no word
  std::string summary;
  std::vector<OptionText> options;
};
struct CommandLineText {
  std::string about, statuses;
  std::vector<VerbText> verbs;  // compile first
};
CommandLineText command_line_text();
/// Is the option ("-I", "--target") followed by a value? The same for every verb that has it.
bool takes_value(std::string_view option);

}  // namespace polc::cli
