#include "syntax/string_text.hpp"

#include <doctest/doctest.h>

using namespace polc;
using syntax::StringPart;

namespace {

ast::String string_of(const std::string& raw) { return {raw, {{}, 10, static_cast<std::uint32_t>(raw.size() + 12)}}; }

// The parts as one text: decoded, `'` before each literal byte, variables as <name>.
std::string shown(const std::string& raw) {
  std::string text;
  for (const auto& part : syntax::parts_of(string_of(raw))) {
    if (part.kind == StringPart::Kind::variable) {
      text += "<" + part.name + ">";
      continue;
    }
    REQUIRE(part.text.size() == part.literal.size());
    for (std::size_t i = 0; i < part.text.size(); ++i)
      text += (part.literal[i] ? "'" : "") + std::string(1, part.text[i]);
  }
  return text;
}

std::string reported(const std::string& raw) {
  diag::Sink sink;
  syntax::check_escapes(string_of(raw), sink);
  std::string text;
  for (const auto& d : sink.sorted())
    text += std::to_string(d.range.begin - 11) + "-" + std::to_string(d.range.end - 11) + " " + std::string(d.id) + ";";
  return text;
}

}  // namespace

TEST_CASE("parts_of: plain text is one part") {
  CHECK(syntax::parts_of(string_of("")).empty());
  CHECK(syntax::parts_of(string_of("/a/*")).size() == 1);
  CHECK(shown("/a/*.ö") == "/a/*.ö");
}

TEST_CASE("parts_of: escapes, and which bytes they make literal") {
  CHECK(shown(R"(\"\$\n\t)") == "\"$\n\t");
  CHECK(shown(R"(\*\?)") == "'*'?");
  CHECK(shown(R"(\[\]\{\})") == "'[']'{'}");
  CHECK(shown(R"(\,\\)") == "','\\");
  CHECK(shown(R"(\x41\x2a\xff)") == "'A'*'\xFF");
  CHECK(shown(R"(\u{41}\u{f6})") == "'A'\xC3'\xB6");
  CHECK(shown(R"(\u{20ac}\u{1F600})") == "'\xE2'\x82'\xAC'\xF0'\x9F'\x98'\x80");
}

TEST_CASE("parts_of: variables, in braces or not") {
  CHECK(shown("$a") == "<a>");
  CHECK(shown("$dir/x") == "<dir>/x");
  CHECK(shown("${a}b") == "<a>b");
  CHECK(shown("x$a$b.y") == "x<a><b>.y");
  CHECK(shown("{$a,b}") == "{<a>,b}");
}

TEST_CASE("parts_of: ranges point into the file") {
  const auto parts = syntax::parts_of(string_of(R"(a\*${v}b)"));
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].range.begin == 11);
  CHECK(parts[0].range.end == 14);
  CHECK(parts[1].range.begin == 14);
  CHECK(parts[1].range.end == 18);
  CHECK(parts[2].range.begin == 18);
  CHECK(parts[2].range.end == 19);
}

TEST_CASE("check_escapes: what is right is not reported") {
  CHECK(reported(R"(\\\"\$\n\t\x41\u{41}\u{10FFFF}\*\?\[\]\{\}\,$a${b})") == "");
}

TEST_CASE("check_escapes: what is wrong is, where it stands") {
  CHECK(reported(R"(a\qb)") == "1-3 P1041;");
  CHECK(reported("\\ö") == "0-3 P1041;");
  CHECK(reported(R"(\x4)") == "0-3 P1042;");
  CHECK(reported(R"(\xg)") == "0-2 P1042;");
  CHECK(reported(R"(\x)") == "0-2 P1042;");
  CHECK(reported(R"(\u41)") == "0-2 P1043;");
  CHECK(reported(R"(\u)") == "0-2 P1043;");
  CHECK(reported(R"(\u{)") == "0-3 P1043;");
  CHECK(reported(R"(\u{})") == "0-4 P1043;");
  CHECK(reported(R"(\u{41)") == "0-5 P1043;");
  CHECK(reported(R"(\u{1234567})") == "0-9 P1043;");
  CHECK(reported(R"(\u{110000})") == "0-10 P1043;");
  CHECK(reported(R"(\u{D800})") == "0-8 P1043;");
  CHECK(reported(R"(\x00\u{0})") == "0-4 P1044;4-9 P1044;");
  CHECK(reported("$") == "0-1 P1045;");
  CHECK(reported("a$ $1 ${ ${a ${1}") == "1-2 P1045;3-4 P1045;6-7 P1045;9-10 P1045;13-14 P1045;");
}

TEST_CASE("parts_of: what was reported stands as it is written") {
  CHECK(shown(R"(a\qb)") == R"(a\qb)");
  CHECK(shown(R"(\x4)") == R"(\x4)");
  CHECK(shown(R"(\u{41)") == R"(\u{41)");
  CHECK(shown("${a") == "${a");
}
