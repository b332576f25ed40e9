// Automata against the functions that decide one text: regexec, and the reader's fnmatch.
#include <doctest/doctest.h>

#include <random>

#include "systrace/machines.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;
namespace syntax = polc::systrace::syntax;

namespace {

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  std::string some(std::initializer_list<const char*> parts, unsigned most) {
    std::string text;
    for (auto i = random_() % (most + 1); i > 0; --i) text += parts.begin()[random_() % parts.size()];
    return text;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("machines: a regular expression takes what regexec finds") {
  Draw draw(7);
  unsigned understood = 0;
  for (unsigned i = 0; i < 4'000; ++i) {
    const std::string regex = draw.some({"a", "b", "/", ".", "[ab]", "[^a]", "(", ")", "|", "*", "+", "?", "{1,2}", "^", "$", "\\.", "[[:alpha:]]", "{2}"}, 7);
    const auto compiled = syntax::Regex::make(regex);
    const auto machine = syntax::regex_machine(regex);
    if (!compiled || !machine) continue;
    ++understood;
    for (unsigned k = 0; k < 20; ++k) {
      const std::string text = draw.some({"a", "b", "/", ".", "c"}, 5);
      CHECK_MESSAGE(machine->matches(text) == compiled->matches(text), regex << " on `" << text << "`");
    }
  }
  CHECK(understood > 1'000);
  for (const char* no : {"\\1", "(a)\\1", "\\w", "a\\>", "[[.a.]]", "*a", "a{300}", "("}) CHECK(!syntax::regex_machine(no));
}

TEST_CASE("machines: repetitions that would fill the memory are no expression") {
  const std::string plus(60, '+');
  const std::string nested = "(((((a{99}){99}){99}){99}){99})", digits = "a{99999999999999999999}";
  for (const std::string& no : std::vector<std::string>{"a" + plus, "(a" + plus + ")", "[]+(]" + plus, "([)]a{99}){255}", nested, digits,
                               "[[:alpha:]]" + plus, "[^]]" + plus, "\\(" + plus, std::string(30'000, 'a')})
    CHECK_MESSAGE(!syntax::Regex::make(no), no.substr(0, 60));
  for (const char* yes : {"a++", "[+]{3}", "(a{9}){99}", "^/usr/.*/[^/]+$", "([0-9]{1,5})|([a-z]+)*", "[[:alpha:]]+", "[]]+", "\\{+"})
    CHECK_MESSAGE(syntax::Regex::make(yes), yes);
}

TEST_CASE("machines: a pattern of fnmatch takes what the reader's fnmatch does") {
  Draw draw(8);
  for (unsigned i = 0; i < 3'000; ++i) {
    const std::string pattern = draw.some({"a", "b", "/", "?", "*", "[ab]", "[!a]", "[", "]", "\\*", "[a-c]", "."}, 6);
    const auto machine = syntax::glob_machine(pattern, false);
    REQUIRE(machine);
    for (unsigned k = 0; k < 20; ++k) {
      const std::string text = draw.some({"a", "b", "/", "*", "[", "]", "."}, 5);
      CHECK_MESSAGE(machine->matches(text) == syntax::matches_glob(pattern, text), pattern << " on `" << text << "`");
    }
  }
  CHECK(syntax::glob_machine("/[[:alpha:]]", true)->matches("/b"));
  CHECK(!syntax::glob_machine("/[[:alpha:]]", false)->matches("/b"));
  CHECK(syntax::glob_machine("/[[:alpha:]]", false)->matches("/:]"));
}

TEST_CASE("machines: parts of texts") {
  Draw draw(9);
  for (const char* op : {"sub", "nsub", "neq"})
    for (unsigned i = 0; i < 300; ++i) {
      const auto test = condition("filename " + std::string(op) + " \"" + draw.some({"a", "b", "B", "/"}, 4) + "\"");
      const auto machine = syntax::machine_of(test, 2006);
      REQUIRE(machine);
      for (unsigned k = 0; k < 20; ++k) {
        const std::string text = draw.some({"a", "A", "b", "/"}, 6);
        CHECK_MESSAGE(machine->matches(text) == syntax::test_holds(test, text), syntax::words_of(test) << " on `" << text << "`");
      }
    }
}
