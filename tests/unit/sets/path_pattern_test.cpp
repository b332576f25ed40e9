#include "sets/path_pattern.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "naive_matcher.hpp"
#include "random_patterns.hpp"

namespace polc::sets {
namespace {

using Code = PatternError::Code;
using Strings = std::vector<std::string>;

/// The front end's part: decodes escapes as the language has them.
PatternText source(std::string_view spelling) {
  PatternText text;
  for (std::size_t i = 0; i < spelling.size(); ++i) {
    bool escaped = false;
    char c = spelling[i];
    if (c == '\\') {
      escaped = true;
      c = spelling[++i];
      if (c == 'x') {
        c = static_cast<char>(std::stoi(std::string(spelling.substr(i + 1, 2)), nullptr, 16));
        i += 2;
      }
    }
    text.bytes += c;
    text.literal.push_back(escaped);
  }
  return text;
}

Strings texts_of(std::string_view spelling, bool tree = false) {
  const auto patterns = parse_path_pattern(source(spelling), tree);
  INFO(spelling);
  REQUIRE(patterns.has_value());
  Strings texts;
  for (const auto& pattern : *patterns) texts.push_back(pattern.text());
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::string one_text(std::string_view spelling) {
  const auto texts = texts_of(spelling);
  REQUIRE(texts.size() == 1);
  return texts[0];
}

PathPattern one(std::string_view spelling) {
  auto patterns = parse_path_pattern(source(spelling), false);
  REQUIRE((patterns && patterns->size() == 1));
  return patterns->front();
}

void check_error(std::string_view spelling, Code code, std::uint32_t offset, std::string_view fix) {
  INFO(spelling);
  const auto patterns = parse_path_pattern(source(spelling), false);
  REQUIRE_FALSE(patterns.has_value());
  CHECK(patterns.error().code == code);
  CHECK(patterns.error().offset == offset);
  CHECK(patterns.error().fix == fix);
}

}  // namespace

TEST_CASE("plain patterns come apart into components") {
  using Kind = Component::Kind;
  CHECK(one("/").components.empty());
  CHECK(one("/etc/passwd").components == std::vector<Component>{{Kind::literal, "etc"}, {Kind::literal, "passwd"}});
  CHECK(one("/a/**/b*/**").components ==
        std::vector<Component>{{Kind::literal, "a"}, {Kind::any, ""}, {Kind::glob, "b*"}, {Kind::below, ""}});
  CHECK(one("/**/**/x").text() == "/**/x");
  CHECK(one("/x/**/**").components == std::vector<Component>{{Kind::literal, "x"}, {Kind::below, ""}});
  CHECK(one("/[a]/\\*").is_literal());
  CHECK(one("/[a]/\\*").literal() == "/a/*");
  CHECK(one("/").literal() == "/");
  CHECK(one("/a/**/b").has_inner_any());
  CHECK_FALSE(one("/a/**").has_inner_any());
}

TEST_CASE("braces are always expanded") {
  CHECK(texts_of("/usr/lib/{libc,libz}.so*") == Strings{"/usr/lib/libc.so*", "/usr/lib/libz.so*"});
  CHECK(texts_of("/srv/**/.git{,/**}") == Strings{"/srv/**/.git", "/srv/**/.git/**"});
  CHECK(texts_of("/{a,b{c,d},}x") == Strings{"/ax", "/bcx", "/bdx", "/x"});
  CHECK(texts_of("{/a,/b}/c") == Strings{"/a/c", "/b/c"});
  CHECK(texts_of("/a/{b,b}") == Strings{"/a/b"});
  CHECK(texts_of("/a{}b") == Strings{"/ab"});
  CHECK(texts_of("/*{,*}x") == Strings{"/*x"});
  CHECK(texts_of("/a,b") == Strings{"/a\\,b"});
  CHECK(texts_of("/[{,}]") == Strings{"/[\\,\\{\\}]"});
}

TEST_CASE("an empty alternative beside one with a slash is dropped where it leaves no name") {
  CHECK(texts_of("/a/{,b/c}") == Strings{"/a/b/c"});
  CHECK(texts_of("/a/{,b/c}/d") == Strings{"/a/b/c/d"});
  CHECK(texts_of("/a/{,b/}c") == Strings{"/a/b/c", "/a/c"});
  CHECK(texts_of("{,/a}/b") == Strings{"/a/b", "/b"});
  CHECK(texts_of("{,/a}") == Strings{"/a"});
  CHECK(texts_of("/{,a/b}") == Strings{"/", "/a/b"});
}

TEST_CASE("tree adds everything below") {
  CHECK(texts_of("/a", true) == Strings{"/a", "/a/**"});
  CHECK(texts_of("/", true) == Strings{"/", "/**"});
  CHECK(texts_of("/a/**", true) == Strings{"/a/**"});
  CHECK(texts_of("/a*/{b,c}", true) == Strings{"/a*/b", "/a*/b/**", "/a*/c", "/a*/c/**"});
}

TEST_CASE("errors say where, and how it is mended") {
  check_error("etc/passwd", Code::relative, 0, "/etc/passwd");
  check_error("", Code::relative, 0, "/");
  check_error("/a/./b", Code::dot, 3, "/a/b");
  check_error("/a/b/../c", Code::dot_dot, 5, "/a/c");
  check_error("/a/*/../c", Code::dot_dot, 5, "");
  check_error("/..", Code::dot_dot, 1, "/");
  check_error("/a//b", Code::double_slash, 3, "/a/b");
  check_error("/a/b/", Code::trailing_slash, 4, "/a/b");
  check_error("//", Code::double_slash, 1, "/");
  check_error("/lib**.so", Code::glued_double_star, 4, "/**/lib*.so");
  check_error("/usr/lib**.so", Code::glued_double_star, 8, "/usr/**/lib*.so");
  check_error("/etc/ssl**", Code::glued_double_star, 8, "/etc/ssl*{,/**}");
  check_error("/a/**.so", Code::glued_double_star, 3, "/a/**/*.so");
  check_error("/a/***", Code::glued_double_star, 3, "/a/**/*");
  check_error("/[ab", Code::unclosed_bracket, 1, "/\\[ab");
  check_error("/[a/b]", Code::unclosed_bracket, 1, "/\\[a/b]");
  check_error("/{a,b", Code::unclosed_brace, 1, "/\\{a,b");
  check_error("/a}", Code::stray_brace, 2, "/a\\}");
  check_error("/[]x", Code::empty_class, 1, "/\\[]x");
  check_error("/[z-a]", Code::reversed_class, 2, "/[a-z]");
  check_error("/a{,/}", Code::trailing_slash, 4, "");
  check_error("/a/{,b}/c", Code::double_slash, 7, "");
  check_error("/a/{.,b}", Code::dot, 4, "");
  check_error("/a\\x00", Code::nul_byte, 2, "");
  check_error("/[\\xFF]", Code::bad_utf8, 2, "");
  check_error("/\u65E5\u672C//\u00E9*", Code::double_slash, 8, "/\u65E5\u672C/\u00E9*");
  check_error("/[\u00E9\u65E5]/", Code::trailing_slash, 8, "/[\u00E9\u65E5]");
  check_error("/\\xE6\\x97/", Code::trailing_slash, 3, "/\\xe6\\x97");
  check_error("~/x", Code::relative, 0, "");
  check_error("~web/x", Code::relative, 0, "");
  check_error("/$x\\$/./\\*", Code::dot, 5, "/\\$x\\$/\\*");
}

TEST_CASE("bounds: nesting, alternatives, length") {
  const auto code_of = [](const std::string& text) {
    const auto patterns = parse_path_pattern({text, {}}, false);
    REQUIRE_FALSE(patterns.has_value());
    return patterns.error().code;
  };
  std::string twenty = "/";
  for (int i = 0; i < 20; ++i) twenty += "{a,b/c}";
  CHECK(code_of(twenty) == Code::too_many_alternatives);
  CHECK(code_of("/" + std::string(200, '{') + "a" + std::string(200, '}')) == Code::too_deep);
  CHECK(parse_path_pattern({"/" + std::string(60, '{') + "a" + std::string(60, '}'), {}}, false).has_value());
  CHECK(code_of("/" + std::string(4096, 'a')) == Code::too_long);
  CHECK(code_of("/" + std::string(2049, '?')) == Code::too_long);
  CHECK(parse_path_pattern({"/" + std::string(2048, '?'), {}}, false).has_value());
  std::string most = "/";
  for (int i = 0; i < 12; ++i) most += "{a,b}";
  CHECK(parse_path_pattern({most, {}}, false)->size() == 4096);
}

TEST_CASE("canonical spelling escapes what means something, and shows bytes that are no characters") {
  CHECK(one_text("/\\*\\?\\[\\]\\{\\}\\,") == "/\\*\\?\\[\\]\\{\\}\\,");
  CHECK(one_text("/\\x01\\xff\\x7F") == "/\\x01\\xff\\x7f");
  CHECK(one_text("/\\\"\\$\\\\") == "/\\\"\\$\\\\");
  CHECK(one_text("/\xC3\xA9") == "/\xC3\xA9");
  CHECK(one_text("/\\xC3\\xA9*") == "/\xC3\xA9*");
  CHECK(one_text("/[cba-b]x") == "/[a-c]x");
  CHECK(one_text("/[!x]") == "/[!x]");
}

TEST_CASE("classes are sets of characters: their spelling is canonical") {
  CHECK(one_text("/[abcx]") == "/[a-cx]");
  CHECK(one_text("/[-a]") == "/[\\x2da]");
  CHECK(one_text("/[a-]") == "/[\\x2da]");
  CHECK(one_text("/[\\!a]") == "/[\\x21a]");
  CHECK(one_text("/[+-9]") == "/[+-.0-9]");
  CHECK(one_text("/[!\\]]") == "/[!\\]]");
  CHECK(one_text("/[\xC3\xA0-\xC3\xBF]") == "/[\xC3\xA0-\xC3\xBF]");
  CHECK(one("/[\xC3\xA9]").is_literal());
}

TEST_CASE("matching: whole characters, bytes under a star, and no name that is empty or dots") {
  CHECK(one("/?").matches("/\xC3\xA9"));
  CHECK_FALSE(one("/?").matches("/\xFF"));
  CHECK_FALSE(one("/??").matches("/\xC3\xA9"));
  CHECK(one("/*").matches("/\xFF"));
  CHECK(one("/[!a]").matches("/\xE2\x82\xAC"));
  CHECK_FALSE(one("/[!a]").matches("/a"));
  CHECK_FALSE(one("/*").matches("/"));
  CHECK_FALSE(one("/*").matches("/."));
  CHECK_FALSE(one("/?"
                  "?")
                  .matches("/.."));
  CHECK_FALSE(one("/**").matches("/"));
  CHECK_FALSE(one("/**").matches("/a/../b"));
  CHECK_FALSE(one("/a").matches("/a/"));
  CHECK_FALSE(one("/a").matches("a"));
  CHECK(one("/").matches("/"));
  CHECK(one("/a/**/b").matches("/a/b"));
  CHECK(one("/a/**/b").matches("/a/x/y/b"));
  CHECK(one("/*a*a*a*a*a*a*a*a*b").matches("/" + std::string(200, 'a') + "b"));
}

TEST_CASE("random patterns: text parses back to itself and means the same") {
  Random random(11);
  const auto paths = all_paths(2);
  for (int round = 0; round < 2000; ++round) {
    const auto pattern = random_pattern(random);
    for (const auto& plain : pattern.plain) {
      INFO(pattern.text, " -> ", plain.text());
      const auto again = parse_path_pattern(source(plain.text()), false);
      REQUIRE(again.has_value());
      REQUIRE(*again == std::vector<PathPattern>{plain});
    }
    if (round % 20 != 0) continue;
    for (const auto& path : paths) {
      const bool matches =
          std::any_of(pattern.plain.begin(), pattern.plain.end(), [&](const auto& p) { return p.matches(path); });
      REQUIRE(matches == naive::matches(pattern.text, pattern.tree, path));
    }
  }
}

TEST_CASE("random bytes never crash the reader, and what it takes parses back") {
  Random random(12);
  const std::string alphabet = "/*?[]!-{},.ab\\\xC3\xA9\xFF$\"\x01";
  std::size_t taken = 0, mended = 0;
  for (int round = 0; round < 30'000; ++round) {
    PatternText text{"/", {false}};
    for (auto n = random.below(14); n > 0; --n) {
      text.bytes += alphabet[random.below(static_cast<std::uint32_t>(alphabet.size()))];
      text.literal.push_back(random.one_in(8));
    }
    const auto patterns = parse_path_pattern(text, false);
    if (!patterns) {
      if (patterns.error().fix.empty()) continue;
      ++mended;
      INFO(patterns.error().fix);
      REQUIRE(parse_path_pattern(source(patterns.error().fix), false).has_value());
      continue;
    }
    ++taken;
    for (const auto& plain : *patterns) {
      INFO(plain.text());
      const auto again = parse_path_pattern(source(plain.text()), false);
      REQUIRE((again && again->size() == 1 && again->front() == plain));
    }
  }
  CHECK(taken > 3'000);
  CHECK(mended > 3'000);
}

TEST_CASE("abstract names: one component, in which a star crosses slashes and may be empty") {
  const auto names = parse_name_pattern(source("/run/*{a,b}"));
  REQUIRE(names.has_value());
  REQUIRE(names->size() == 2);
  CHECK(names->front().text() == "/run/*a");
  CHECK(names->front().matches("/run/x/y/a"));
  CHECK(names->front().matches("/run/a"));
  const auto all = parse_name_pattern(source("*"));
  CHECK(all->front().matches(""));
  CHECK(all->front().matches("a//b"));
  const auto literal = parse_name_pattern(source("a\\*/.."));
  CHECK(literal->front().is_literal());
  CHECK(literal->front().literal() == "a*/..");
  CHECK(parse_name_pattern(source("**"))->front().text() == "*");
  CHECK(parse_name_pattern(source("a}")).error().code == Code::stray_brace);
}

TEST_CASE("many patterns are put in the order of few, each once") {
  Random random(31);
  for (const std::size_t count : {0u, 1u, 10u, 300u, 3000u}) {
    std::vector<PathPattern> patterns;
    while (patterns.size() < count)
      for (const PathPattern& pattern : random_pattern(random).plain) patterns.push_back(pattern);
    std::vector<PathPattern> expected = patterns;
    std::sort(expected.begin(), expected.end());
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    sort_unique(patterns);
    CHECK(patterns == expected);
  }
}

TEST_CASE("escaped_literal: the pattern that matches just these bytes") {
  const std::string bytes = "a*b?[c]{d},\"$\\\x01\xFF\xC3\xA9";
  const auto patterns = parse_path_pattern(source("/" + escaped_literal(bytes)), false);
  REQUIRE((patterns && patterns->size() == 1));
  CHECK(patterns->front().literal() == "/" + bytes);
}

}  // namespace polc::sets
