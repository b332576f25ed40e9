// Command lines by the thousand, made from the table of options that the program itself reads.
#include "cli/options.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <doctest/doctest.h>

namespace polc::cli {
namespace {

using Words = std::vector<std::string>;

struct Read {
  Verb verb;
  Words files;
  std::string argument;
  bool operator==(const Read&) const = default;
};

std::optional<Read> read(const Words& words) {
  const auto parsed = parse_command_line(words);
  const auto* options = std::get_if<Options>(&parsed);
  if (options == nullptr) return std::nullopt;
  return Read{options->verb, options->files, options->argument};
}

std::string line_of(const Words& words) {
  std::string line = "polc";
  for (const std::string& word : words) line += " " + word;
  return line;
}

std::string value_for(const OptionText& option) { return !option.words.empty() ? option.words.front() : option.value == "N" ? "3" : "x"; }

// Each way to write it: apart, and as one word.
std::vector<Words> spellings(const OptionText& option) {
  std::vector<Words> all;
  for (const std::string& name : option.names) {
    if (option.value.empty()) {
      all.push_back({name});
      continue;
    }
    all.push_back({name, value_for(option)});
    all.push_back({name + (name.starts_with("--") ? "=" : "") + value_for(option)});
  }
  return all;
}

// What the verb asks for beside `option`.
Words required_options(const VerbText& verb, const OptionText& option) {
  Words words;
  for (const OptionText& other : verb.options) {
    if (other.is_positional || !other.is_required || other.names == option.names) continue;
    words.push_back(other.names.front());
    words.push_back(value_for(other));
  }
  return words;
}

// A word for each place, and two where a list is taken.
Words places_of(const VerbText& verb) {
  Words words;
  for (const OptionText& option : verb.options) {
    if (!option.is_positional) continue;
    words.push_back(option.words.empty() ? "a.pol" + std::to_string(words.size()) : option.words.front());
    if (option.is_repeatable) words.push_back("-f.pol");
  }
  return words;
}

// The option at every place between the others, before the verb too. A word that looks like an option needs the mark before it.
std::vector<Words> orders(const VerbText& verb, const Words& places, const Words& spelling) {
  Words rest;
  if (!verb.name.empty()) rest.push_back(verb.name);
  for (const std::string& word : places) {
    if (word.starts_with("-")) rest.push_back("--");
    rest.push_back(word);
  }
  const auto mark = std::ranges::find(rest, "--");
  std::vector<Words> all;
  for (auto at = rest.begin(); at <= mark; ++at) {
    Words line(rest.begin(), at);
    line.insert(line.end(), spelling.begin(), spelling.end());
    line.insert(line.end(), at, rest.end());
    all.push_back(line);
    if (at == rest.end()) break;
  }
  return all;
}

// What stands behind `--` is the words of a command.
bool starts_a_program(const VerbText& verb) { return verb.name == "run" || verb.name == "learn"; }
bool prints_and_ends(const OptionText& option) { return option.names.back() == "--help" || option.names.back() == "--version"; }

TEST_CASE("no word is swallowed: with every option of every verb, in every spelling and order") {
  std::size_t tried = 0, lists = 0;
  for (const VerbText& verb : command_line_text().verbs)
    for (const OptionText& option : verb.options) {
      if (option.is_positional || prints_and_ends(option)) continue;
      if (starts_a_program(verb)) continue;
      lists += option.is_repeatable ? 1 : 0;
      const Words places = places_of(verb), beside = required_options(verb, option);
      Words bare = beside;
      if (option.is_required) bare.insert(bare.end(), {option.names.front(), value_for(option)});
      Words plain{verb.name};
      if (verb.name.empty()) plain.clear();
      plain.insert(plain.end(), bare.begin(), bare.end());
      plain.push_back("--");
      plain.insert(plain.end(), places.begin(), places.end());
      const auto wanted = read(plain);
      CAPTURE(line_of(plain));
      REQUIRE(wanted.has_value());
      for (const Words& spelling : spellings(option))
        for (Words line : orders(verb, places, spelling)) {
          line.insert(line.begin(), beside.begin(), beside.end());
          CAPTURE(line_of(line));
          const auto got = read(line);
          REQUIRE(got.has_value());
          CHECK(*got == *wanted);
          ++tried;
        }
    }
  CHECK(lists >= 40);  // the table is read, and says which are lists
  CHECK(tried >= 700);
}

TEST_CASE("a list is given word by word, and keeps all of them") {
  for (const VerbText& verb : command_line_text().verbs)
    for (const OptionText& option : verb.options) {
      // What `run` has behind `--` is a command: tests/e2e/run.
      if (starts_a_program(verb) || option.is_positional || !option.is_repeatable) continue;
      Words line = required_options(verb, option);
      for (const char* place : {"before", "behind"}) {
        if (std::string(place) == "behind") {
          if (!verb.name.empty()) line.push_back(verb.name);
          for (const OptionText& positional : verb.options)
            if (positional.is_positional) line.push_back(positional.words.empty() ? "a.pol" : positional.words.front());
        }
        line.insert(line.end(), {option.names.front(), value_for(option)});
      }
      CAPTURE(line_of(line));
      const auto parsed = parse_command_line(line);
      REQUIRE(std::holds_alternative<Options>(parsed));
      const Options& options = std::get<Options>(parsed);
      const std::vector<const Words*> lists{&options.targets, &options.variants, &options.architectures, &options.settings,
                                            &options.directories, &options.include_directories, &options.disabled_passes, &options.select, &options.ignore, &options.lets};
      CHECK(std::ranges::any_of(lists, [&](const Words* list) { return *list == Words{value_for(option), value_for(option)}; }));
    }
}

TEST_CASE("the table: an option takes a value in every verb that has it, or in none, as the list of them says") {
  std::set<std::string, std::less<>> with_value;
  for (const auto& verb : command_line_text().verbs)
    for (const auto& option : verb.options)
      for (const auto& name : option.names) {
        INFO(verb.name << " " << name);
        CHECK(takes_value(name) == !option.value.empty());
        if (!option.value.empty()) with_value.insert(name);
      }
  CHECK(with_value.size() == 46);
  CHECK(!takes_value("--no-such-option"));
}

TEST_CASE("an empty value is wrong usage, of every option that takes one; so is an empty word and a missing value") {
  for (const VerbText& verb : command_line_text().verbs)
    for (const OptionText& option : verb.options) {
      if (option.value.empty()) continue;
      Words line;
      if (!verb.name.empty()) line.push_back(verb.name);
      const Words beside = required_options(verb, option);
      line.insert(line.end(), beside.begin(), beside.end());
      if (option.is_positional) {
        for (const std::string& word : places_of(verb)) line.push_back(word.starts_with("-") ? "" : word);
        line.back().clear();
        CAPTURE(line_of(line));
        CHECK(!read(line));
        continue;
      }
      for (const std::string& word : places_of(verb)) line.push_back(word.starts_with("-") ? "b.pol" : word);
      const std::string& name = option.names.back();
      CAPTURE(line_of(line) + " " + name);
      Words joined = line, apart = line, missing = line;
      joined.push_back(name + "=");
      apart.insert(apart.end(), {name, ""});
      missing.push_back(name);
      if (name.starts_with("--")) CHECK(!read(joined));
      CHECK(!read(apart));
      CHECK(!read(missing));
      if (!option.is_list) continue;
      for (const char* value : {",x", "x,", "x,,x"}) {
        Words listed = line;
        listed.insert(listed.end(), {name, value});
        CHECK(!read(listed));
      }
    }
}

TEST_CASE("the verb is the first word that is neither an option nor a value") {
  CHECK(read({"--diagnostics", "json", "lint", "a.pol"})->verb == Verb::lint);
  CHECK(read({"-I", "lint", "test", "a.pol"})->verb == Verb::test);
  CHECK(read({"a.pol", "lint"}) == Read{Verb::compile, {"a.pol", "lint"}, ""});
  CHECK(read({"./lint"}) == Read{Verb::compile, {"./lint"}, ""});
  CHECK(read({"--", "lint"}) == Read{Verb::compile, {"lint"}, ""});
  CHECK(read({"test", "lint"}) == Read{Verb::test, {"lint"}, ""});
}

TEST_CASE("FILEs are taken as they are written") {
  CHECK(read({"test", "[a.pol]", "[b,c]"})->files == Words{"[a.pol]", "[b,c]"});
  CHECK(read({"-I", "x", "--", "-f.pol"})->files == Words{"-f.pol"});
  CHECK(!read({"---x", "a.pol"}));  // an option that nobody knows, not a FILE
  CHECK(!read({"-8", "a.pol"}));
}

}  // namespace
}  // namespace polc::cli
