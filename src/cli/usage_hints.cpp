#include "cli/usage_hints.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/verb_options.hpp"
#include "support/edit_distance.hpp"

namespace polc::cli {
namespace {

struct Habit {
  std::string_view word, hint;
};
// Words of other compilers, packagers and policy tools.
constexpr Habit commands[] = {
    {"check", "`polc lint` reviews a policy, `polc test` asks its expectations"},
    {"validate", "`polc lint` reviews a policy, `polc test` asks its expectations"},
    {"compile", "that is what polc does without a verb: `polc FILE --target=T`"},
    {"build", "`polc FILE --target=T` compiles, without a verb"},
    {"generate", "`polc FILE --target=T` compiles, without a verb"},
    {"emit", "`polc FILE --target=T` compiles, without a verb"},
    {"format", "`polc fmt` formats"},
    {"plan", "`polc fidelity` says what each target enforces, `polc diff` what a change allows and denies"},
    {"man", "`polc manual`"},
    {"apply", "`polc run` starts a program confined; to load artefacts: `polc targets T`"},
    {"load", "`polc run` starts a program confined; to load artefacts: `polc targets T`"},
    {"enforce", "`polc run` starts a program confined; to load artefacts: `polc targets T`"},
    {"install", "`polc run` starts a program confined; to load artefacts: `polc targets T`"},
};
constexpr Habit options[] = {
    {"--output", "the output is `-o OUT`"},
    {"--json", "JSON is `--format=json`, of diagnostics `--diagnostics=json`"},
    {"--include", "imports are looked for in `-I DIR`"},
    {"--dry-run", "`--check` and `--diff` of fmt and lint write nothing"},
};

std::optional<std::string_view> find(std::span<const Habit> habits, std::string_view word) {
  const auto found = std::ranges::find(habits, word, &Habit::word);
  return found == habits.end() ? std::nullopt : std::optional(found->hint);
}

std::vector<std::string> options_of(const VerbText& verb) {
  std::vector<std::string> names;
  for (const OptionText& option : verb.options) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

}  // namespace

std::string program_of(std::string_view verb) { return verb.empty() ? "polc" : fmt::format("polc {}", verb); }

CommandHint hint_of_command(std::string_view word) {
  return {nearest_of(word, verb_rows(), [](const VerbRow& row) { return row.name; }), find(commands, word)};
}

std::string hint_of_option(std::string_view verb, std::string_view option) {
  std::vector<std::string> own, others;
  for (const VerbText& text : command_line_text().verbs) {
    const auto names = options_of(text);
    if (text.name == verb) own = names;
    else if (std::ranges::find(names, option) != names.end()) others.push_back(fmt::format("`{}`", program_of(text.name)));
  }
  if (others.empty())
    if (const auto near = nearest_of(option, own)) return fmt::format("; did you mean `{}`?", *near);
  if (others.size() == 1) return fmt::format("; only {} has it", others.front());
  if (!others.empty()) return fmt::format("; {} have it", fmt::join(others, ", "));
  const auto habit = find(options, option);
  return habit ? fmt::format("; {}", *habit) : "";
}

std::string synopsis_of(std::string_view verb) {
  const CommandLineText all = command_line_text();
  const auto text = std::ranges::find(all.verbs, verb, &VerbText::name);
  std::string line = program_of(verb) + " [OPTION]...";
  if (text == all.verbs.end()) return line;
  for (const OptionText& option : text->options) {
    if (!option.is_positional) continue;
    const std::string word = option.value + (option.is_repeatable ? "..." : "");
    line += option.is_required ? " " + word : " [" + word + "]";
  }
  return line;
}

}  // namespace polc::cli
