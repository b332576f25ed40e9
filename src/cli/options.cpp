#include "cli/options.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <sstream>

#include <CLI/CLI.hpp>

#include "cli/arguments.hpp"
#include "cli/outputs.hpp"
#include "cli/run_status.hpp"
#include "cli/usage_hints.hpp"
#include "cli/verb_options.hpp"
#include "diag/catalogue.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

constexpr const char* about = "polc compiles one sandbox policy for several enforcement mechanisms.";

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
  const auto row = std::ranges::find(verb_rows(), std::string_view(*first->value), &VerbRow::name);
  // The version is that of the program, whatever follows.
  if (row == verb_rows().end() || std::any_of(line.arguments.begin(), first, [](const Argument& one) { return one.option == "--version"; })) return line;
  line.verb = &*row;
  line.arguments.erase(first);
  return line;
}

bool has_empty_part(const std::string& value, bool is_list) {
  return value.empty() || (is_list && (value.front() == ',' || value.back() == ',' || value.find(",,") != value.npos));
}

// `polc run FILE -- CMD`, `polc learn -- CMD`: a word of the command, which is nobody's to look at.
bool starts_a_program(const Line& line) { return line.verb != nullptr && (line.verb->verb == Verb::run || line.verb->verb == Verb::learn); }
bool is_command(const Line& line, const Argument& argument) { return starts_a_program(line) && argument.is_after_mark; }

struct Mistake {
  enum class Kind : std::uint8_t { usage, command, option } kind;
  std::string text;
  std::optional<std::string> habit{};  // what polc has for the word of another tool
};

std::string_view name_of(const Line& line) { return line.verb == nullptr ? "" : line.verb->name; }

// The first word where there is no verb: a FILE, unless nothing of that name is there and it looks like a command.
std::optional<Mistake> mistake_in_command(const Line& line) {
  if (line.verb != nullptr || line.has("--help") || line.has("-h") || line.has("--version")) return std::nullopt;
  const auto first = std::ranges::find_if(line.arguments, &Argument::is_word);
  if (first == line.arguments.end() || first->is_after_mark) return std::nullopt;
  const std::string& word = *first->value;
  std::error_code error;
  if (word.empty() || word == "-" || word.find_first_of("/.@") != word.npos || std::filesystem::exists(word, error)) return std::nullopt;
  const CommandHint hint = hint_of_command(word);
  Mistake mistake{Mistake::Kind::command, "there is no command `" + word + "`"};
  if (hint.habit) mistake.habit = *hint.habit;
  else if (hint.nearest) mistake.text += "; did you mean `" + std::string(*hint.nearest) + "`?";
  else mistake.habit = "and no file of that name: a policy is `NAME.pol` or has its folder before it";
  return mistake;
}

// What CLI11 would take for something else: it takes the word behind `--target=` for its value, and `---x` for a FILE.
std::optional<Mistake> mistake_in(const Line& line, const CLI::App& app) {
  for (const Argument& argument : line.arguments) {
    if (argument.is_word()) {
      if (argument.value->empty() && !is_command(line, argument)) return Mistake{Mistake::Kind::usage, "an argument is empty"};
      continue;
    }
    const CLI::Option* option = app.get_option_no_throw(argument.option);
    if (option == nullptr)
      return Mistake{Mistake::Kind::option, "`" + program_of(name_of(line)) + "` has no option `" + argument.option + "`" + hint_of_option(name_of(line), argument.option)};
    if (argument.value && has_empty_part(*argument.value, option->get_delimiter() == ',')) return Mistake{Mistake::Kind::usage, "`" + argument.option + "` has an empty value"};
    if (!argument.value && option->get_items_expected_max() > 0) return Mistake{Mistake::Kind::usage, "`" + argument.option + "` needs a value"};
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

diag::Added add(diag::Sink& sink, const Mistake& mistake) {
  switch (mistake.kind) {
    case Mistake::Kind::command: return sink.add_unlocated(diag::no_such_command, mistake.text);
    case Mistake::Kind::option: return sink.add_unlocated(diag::no_such_option, mistake.text);
    case Mistake::Kind::usage: break;
  }
  return sink.add_unlocated(diag::wrong_usage, mistake.text);
}

// As every message, and in JSON for who asked for that anywhere on the line.
int wrong(const Line& line, const Mistake& mistake) {
  Options options;
  for (const Argument& argument : line.arguments)
    if (argument.option == "--diagnostics" && argument.value == "json") options.diagnostics = "json";
  diag::Sink sink;
  diag::Added added = add(sink, mistake);
  if (mistake.habit) added.note(*mistake.habit, diag::NoteKind::help);
  const std::string program = program_of(name_of(line));
  added.note(synopsis_of(name_of(line)) + " (" + program + " --help)", diag::NoteKind::usage);
  print_diagnostics({}, sink, options);
  // Its other statuses are those of the command.
  return line.verb != nullptr && line.verb->verb == Verb::run && !line.has("--print") ? int{not_started} : int{usage};
}

int wrong(const Line& line, std::string text) { return wrong(line, Mistake{Mistake::Kind::usage, std::move(text)}); }

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
  for (const VerbRow& row : verb_rows()) add(row.name, row.verb, row.summary);
  return result;
}

std::variant<Options, int> parse_command_line(const std::vector<std::string>& words) {
  Options options;
  const Line line = line_of(words);
  CLI::App app(about, line.verb == nullptr ? "polc" : "polc " + std::string(line.verb->name));
  describe(app, line.verb == nullptr ? Verb::compile : line.verb->verb, options);
  for (const auto& mistake : {mistake_in_command(line), mistake_in(line, app)})
    if (mistake) return wrong(line, *mistake);
  if (line.has("--print-passes")) app.get_option("FILE")->required(false);
  if (line.verb != nullptr && line.verb->verb == Verb::learn && !words_in(line, true).empty()) app.get_option("FILE")->required(false);
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
  options.words = words;
  if (starts_a_program(line)) options.command = words_in(line, true);
  if (options.verb == Verb::run && options.command.empty()) return wrong(line, "no command: polc run FILE -- CMD [ARG...]");
  if (options.verb == Verb::run && std::ranges::any_of(options.files, [](const std::string& file) { return find_open_descriptor(file).has_value(); }))
    return wrong(line, "FILE must be a file: standard input is the command's");
  if (options.verb == Verb::package && find_open_descriptor(options.files.front()))
    return wrong(line, "FILE must be a file, which goes into the package: standard input has no name");
  return options;
}

}  // namespace polc::cli
