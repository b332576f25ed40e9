#include "sets/glob.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "naive_matcher.hpp"
#include "random_patterns.hpp"
#include "sets/glob_automaton.hpp"
#include "sets/name_choices.hpp"
#include "sets/utf8.hpp"

namespace polc::sets {
namespace {

std::vector<GlobStep> steps_of(const std::string& glob) { return glob_steps({Component::Kind::glob, glob}); }

bool accepts(const GlobAutomaton& automaton, std::string_view name) {
  std::vector<std::uint32_t> active{GlobAutomaton::start};
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    std::vector<std::uint32_t> next;
    for (const auto state : active)
      for (const auto& edge : automaton.edges_from(state))
        if (edge.low <= byte && byte <= edge.high) next.push_back(edge.target);
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    active = std::move(next);
  }
  return std::any_of(active.begin(), active.end(), [&](std::uint32_t state) { return automaton.accepts(state); });
}

bool matches(const std::vector<GlobStep>& steps, std::string_view name) {
  std::uint64_t work = 0;
  return steps_match(steps, name, work);
}

}  // namespace

TEST_CASE("the automaton of `?` accepts exactly the UTF-8 of every character but `/` and NUL") {
  const GlobAutomaton one(steps_of("?"));
  CHECK(one.size() == 9);  // start, end, and seven in the middle of a character
  std::size_t wrong = 0;
  for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
    std::string bytes;
    append_utf8(bytes, code);
    const bool is_character = code != 0 && code != '/' && (code < 0xD800 || code > 0xDFFF);
    if (accepts(one, bytes) != is_character) ++wrong;
  }
  CHECK(wrong == 0);
  for (const auto* bytes : {"\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80", "\x80", "\xC3", "\xE2\x82", "\xFF", "ab", ""})
    CHECK_FALSE(accepts(one, bytes));
}

TEST_CASE("the automaton of a class accepts exactly its characters") {
  Random random(21);
  for (int round = 0; round < 60; ++round) {
    std::vector<Interval<std::uint32_t>> parts;
    for (auto n = 1 + random.below(3); n > 0; --n) {
      const std::uint32_t tops[] = {0x90, 0x900, 0x11000, 0x110000};
      const std::uint32_t low = random.below(tops[random.below(4)]);
      parts.push_back({low, low + random.below(random.one_in(2) ? 5000 : 3)});
    }
    const NumberSet characters = NumberSet::from(parts) & all_characters();
    if (characters.empty()) continue;
    const GlobAutomaton automaton({{GlobStep::Kind::set, 0, characters}});
    for (const auto& range : characters.intervals()) {
      for (const std::uint32_t code :
           {range.low - 1, range.low, range.low + 1, (range.low + range.high) / 2, range.high, range.high + 1}) {
        if (code > 0x10FFFF) continue;
        std::string bytes;
        append_utf8(bytes, code);
        INFO(code);
        REQUIRE(accepts(automaton, bytes) == characters.contains(code));
      }
    }
  }
}

TEST_CASE("steps and automata agree with the naive matcher") {
  static const std::vector<std::string> pieces{"a", "b", "?", "*", "[ab]", "[!a]", "[a-c]", "*a", "?b", "."};
  Random random(22);
  std::vector<std::string> names{""};
  for (std::size_t i = 0; names.size() < 1500; ++i)
    for (const auto* next : {"a", "b", "c", "\xC3\xA9", "."}) names.push_back(names[i] + next);
  for (int round = 0; round < 150; ++round) {
    std::string glob;
    for (auto n = 1 + random.below(5); n > 0; --n) {
      const auto& piece = random.of(pieces);
      if (!(piece[0] == '*' && !glob.empty() && glob.back() == '*')) glob += piece;
    }
    const auto steps = steps_of(glob);
    const GlobAutomaton automaton(steps);
    INFO(glob);
    for (const auto& name : names) {
      const bool expected = naive::name_matches(glob, name);
      REQUIRE(matches(steps, name) == expected);
      REQUIRE(accepts(automaton, name) == expected);
    }
  }
}

TEST_CASE("bytes that are no character: a star takes them, and finds its way between them") {
  CHECK(matches(steps_of("*"), "\xFF\xFE"));
  CHECK(matches(steps_of("*?"),
                "\xFF"
                "a"));
  CHECK_FALSE(matches(steps_of("?*"),
                      "\xFF"
                      "a"));
  CHECK(matches(steps_of("*\\xa9"), "\xC3\xA9"));
  CHECK_FALSE(matches(steps_of("*\\xa9?"), "\xC3\xA9"));
}

TEST_CASE("name choices: every realizable combination once, by its shortest and most preferred name") {
  static const std::vector<std::string> globs{"a*", "*b", "?", "*a*", "[!a]*", "??", "*.so", "[ab]?", "b*", "*aa"};
  std::vector<std::string> names{""};
  for (std::size_t i = 0; names.size() < 4000; ++i)
    for (const auto* next : {"a", "b", "c", "."}) names.push_back(names[i] + next);
  Random random(23);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::vector<GlobStep>> chosen;
    std::vector<GlobAutomaton> automata;
    for (auto n = 1 + random.below(4); n > 0; --n) {
      chosen.push_back(steps_of(random.of(globs)));
      automata.emplace_back(chosen.back());
    }
    std::vector<const GlobAutomaton*> pointers;
    for (const auto& automaton : automata) pointers.push_back(&automaton);
    std::vector<std::string> forbidden{".", ".."};
    for (auto n = random.below(4); n > 0; --n) forbidden.push_back(names[1 + random.below(20)]);
    std::sort(forbidden.begin(), forbidden.end());
    forbidden.erase(std::unique(forbidden.begin(), forbidden.end()), forbidden.end());
    NameChoices choices(pointers, {forbidden, false});
    Budget budget;
    REQUIRE(choices.run(budget, nullptr));
    const auto matched_by = [&](const std::string& name) {
      std::vector<std::uint32_t> matched;
      for (std::uint32_t i = 0; i < chosen.size(); ++i)
        if (matches(chosen[i], name)) matched.push_back(i);
      return matched;
    };
    for (const auto& choice : choices.found()) {
      REQUIRE(matched_by(choice.name) == choice.matched);
      REQUIRE_FALSE(std::binary_search(forbidden.begin(), forbidden.end(), choice.name));
    }
    for (const auto& name : names) {
      if (name.empty() || std::binary_search(forbidden.begin(), forbidden.end(), name)) continue;
      const auto matched = matched_by(name);
      const auto found = std::find_if(choices.found().begin(), choices.found().end(),
                                      [&](const auto& c) { return c.matched == matched; });
      REQUIRE(found != choices.found().end());
      REQUIRE(found->name.size() <= name.size());
      if (found->name.size() == name.size())
        REQUIRE_FALSE(std::lexicographical_compare(
            name.begin(), name.end(), found->name.begin(), found->name.end(), [](char a, char b) {
              return byte_ranks()[static_cast<unsigned char>(a)] < byte_ranks()[static_cast<unsigned char>(b)];
            }));
    }
  }
}

}  // namespace polc::sets
