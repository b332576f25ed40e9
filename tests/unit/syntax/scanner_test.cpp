#include "syntax/scanner.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "PolicyLexer.h"
#include "policies.hpp"

using namespace polc;
using syntax::Lexeme;
using syntax::Scanner;

// The scanner was written by hand for speed. These tests are what makes it the same language as grammar/PolicyLexer.g4.
namespace {

std::string shown(std::size_t kind, std::string_view text) {
  return std::to_string(kind) + ":" + std::string(text) + "\n";
}

std::string by_hand(std::string_view text) {
  std::string tokens;
  Scanner scanner(text);
  for (auto l = scanner.next(); l.kind != syntax::end_of_text; l = scanner.next())
    tokens += shown(l.kind, text.substr(l.begin, l.end - l.begin));
  return tokens;
}

std::string by_grammar(const std::string& text) {
  antlr4::ANTLRInputStream input(text);
  grammar::PolicyLexer lexer(&input);
  lexer.removeErrorListeners();
  std::string tokens;
  for (const auto& token : lexer.getAllTokens()) tokens += shown(token->getType(), token->getText());
  return tokens;
}

template <std::size_t Count>
std::string random_text(std::mt19937& random, const std::string_view (&pieces)[Count], std::size_t length) {
  std::uniform_int_distribution<std::size_t> pick(0, Count - 1);
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += pieces[pick(random)];
  return text;
}

}  // namespace

TEST_CASE("scanner: the same tokens as the grammar's lexer, on every good policy") {
  for (const auto& text : test::good_policies()) {
    INFO(text);
    CHECK(by_hand(text) == by_grammar(text));
  }
}

TEST_CASE("scanner: the same tokens on every small input of the corpus that is text") {
  for (const auto& file : test::files_below(std::filesystem::path(POLC_SOURCE_DIR) / "tests/fuzz/corpus/front_end")) {
    const auto text = test::text_of_file(file);
    std::string grammar;
    try {
      grammar = by_grammar(text);
    } catch (const std::exception&) {
      continue;  // ANTLR throws at invalid UTF-8; ours never sees it, see bytes.hpp
    }
    if (text.starts_with("\xEF\xBB\xBF")) continue;  // ANTLR swallows it
    INFO(file.string());
    CHECK(by_hand(text) == grammar);
  }
}

TEST_CASE("scanner: the same tokens on random signs") {
  constexpr std::string_view pieces[] = {
      "\"", "\\", "$",  "a",  "Z_", "0", "1",  "9",  "0x",   "x",  "f", ".", "..", ":", "::", "[", "]",
      "/",  "*",  "//", "/*", "*/", "-", ">",  "=",  "==",   "!",  "<", "&", "|",  "~", "@",  "#", ";",
      ",",  "{",  "}",  "(",  ")",  " ", "\t", "\n", "\r\n", "\r", "K", "M", "G",  "ö", "日", "%", "'"};
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    const auto text = random_text(random, pieces, 1 + static_cast<std::size_t>(i) % 24);
    INFO(text);
    CHECK(by_hand(text) == by_grammar(text));
  }
}

TEST_CASE("scanner: the same tokens on random words, numbers and addresses") {
  constexpr std::string_view pieces[] = {"allow",      "policy",    "any",      "any4",     "and", "not",    "x",
                                         "_",          "12",        "0x1F",     "08",       "4K",  "4Kb",    "1.2.3.4",
                                         "1.2.3",      "1.2.3.4.5", "[::1]",    "[a:b/64]", "[1]", "[::1/]", "\"s\"",
                                         "\"a\\\"b\"", "\"open",    "\"open\\", "$v",       "${",  "# c\n",  "// c\n",
                                         "/* c */",    "/* open",   " ",        "\n"};
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) {
    const auto text = random_text(random, pieces, 1 + static_cast<std::size_t>(i) % 12);
    INFO(text);
    CHECK(by_hand(text) == by_grammar(text));
  }
}

TEST_CASE("scanner: every byte alone and twice, none of them a crash") {
  for (unsigned a = 0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      Scanner scanner(text);
      std::uint32_t end = 0;
      for (auto l = scanner.next(); l.kind != syntax::end_of_text; l = scanner.next()) {
        REQUIRE(l.begin >= end);
        REQUIRE(l.end > l.begin);
        end = l.end;
      }
      REQUIRE(end <= text.size());
    }
}

TEST_CASE("spelling_of: words and signs have one, names and strings none") {
  using Lexer = grammar::PolicyLexer;
  CHECK(syntax::spelling_of(Lexer::POLICY_) == "policy");
  CHECK(syntax::spelling_of(Lexer::ARROW) == "->");
  CHECK(syntax::spelling_of(Lexer::ID).empty());
  CHECK(syntax::spelling_of(syntax::end_of_text).empty());
  CHECK(syntax::is_word(Lexer::AND_));
  CHECK_FALSE(syntax::is_word(Lexer::ARROW));
}
