// The front end parses statement by statement and follows the braces itself. Whether that is the language of the
// grammar's own `file` rule is compared here, on policies that are right and on thousands that are slightly wrong.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "PolicyLexer.h"
#include "PolicyParser.h"
#include "parsed.hpp"
#include "policies.hpp"
#include "syntax/scanner.hpp"

using namespace polc;
using test::Parsed;

namespace {

bool accepted_by_grammar(const std::string& text) {
  antlr4::ANTLRInputStream input(text);
  grammar::PolicyLexer lexer(&input);
  antlr4::CommonTokenStream tokens(&lexer);
  grammar::PolicyParser parser(&tokens);
  parser.removeErrorListeners();
  parser.file();
  return parser.getNumberOfSyntaxErrors() == 0;
}

// Mistakes in what a literal or an annotation means are no business of the grammar.
bool is_of_grammar(std::string_view id) { return id <= "P1040" && id != "P1032" && id != "P1033"; }

bool accepted_by_front_end(const Parsed& parsed) {
  for (const auto& d : parsed.sink.all())
    if (is_of_grammar(d.id)) return false;
  return true;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  syntax::Scanner scanner(text);
  for (auto l = scanner.next(); l.kind != syntax::end_of_text; l = scanner.next())
    words.emplace_back(text.substr(l.begin, l.end - l.begin));
  return words;
}

std::string mutated(std::vector<std::string> words, std::mt19937& random) {
  const auto any = [&] { return std::uniform_int_distribution<std::size_t>(0, words.size() - 1)(random); };
  const auto at = any();
  switch (random() % 5) {
    case 0: words.erase(words.begin() + static_cast<std::ptrdiff_t>(at)); break;
    case 1: words.insert(words.begin() + static_cast<std::ptrdiff_t>(at), words[any()]); break;
    case 2: words[at] = words[any()]; break;
    case 3: std::swap(words[at], words[any()]); break;
    default: words.resize(at + 1); break;
  }
  std::string text;
  for (const auto& word : words) text += word + (random() % 4 == 0 ? "\n" : " ");
  return text;
}

}  // namespace

TEST_CASE("grammar: every good policy is accepted by both") {
  for (const auto& text : test::good_policies()) {
    const Parsed parsed(text);
    CHECK_MESSAGE(parsed.file, parsed.shown());
    CHECK(accepted_by_grammar(text));
  }
}

TEST_CASE("grammar: a mutant is accepted by both or by neither") {
  std::mt19937 random(7);
  for (const auto& policy : test::good_policies()) {
    const auto words = words_of(policy);
    for (int i = 0; i < 150; ++i) {
      const auto text = mutated(words, random);
      const Parsed parsed(text);
      INFO(text);
      INFO(parsed.shown());
      CHECK(accepted_by_front_end(parsed) == accepted_by_grammar(text));
    }
  }
}

TEST_CASE("grammar: one mistake is a handful of messages at most") {
  std::mt19937 random(8);
  std::size_t mutants = 0;
  std::size_t messages = 0;
  for (const auto& policy : test::good_policies()) {
    const auto words = words_of(policy);
    for (int i = 0; i < 50; ++i) {
      const Parsed parsed(mutated(words, random));
      ++mutants;
      messages += parsed.sink.error_count();
      CHECK_MESSAGE(parsed.sink.error_count() <= 10, parsed.shown());
    }
  }
  CHECK(messages < 2 * mutants);
}
