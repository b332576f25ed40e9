#include "syntax/bytes.hpp"

#include <doctest/doctest.h>

#include "parsed.hpp"

using namespace polc;
using test::Parsed;

TEST_CASE("character_length: what is UTF-8 and what is not") {
  struct Case {
    std::string_view bytes;
    std::size_t length;
  };
  constexpr Case cases[] = {
      {"a", 1},
      {"\xC2\x80", 2},
      {"\xDF\xBF", 2},
      {"\xE0\xA0\x80", 3},
      {"\xED\x9F\xBF", 3},
      {"\xEE\x80\x80", 3},
      {"\xF0\x90\x80\x80", 4},
      {"\xF4\x8F\xBF\xBF", 4},
      {"\x80", 0},
      {"\xBF", 0},
      {"\xC0\x80", 0},          // overlong
      {"\xC1\xBF", 0},          // overlong
      {"\xE0\x9F\xBF", 0},      // overlong
      {"\xED\xA0\x80", 0},      // a surrogate
      {"\xF0\x8F\xBF\xBF", 0},  // overlong
      {"\xF4\x90\x80\x80", 0},  // past U+10FFFF
      {"\xF5\x80\x80\x80", 0},
      {"\xFF", 0},
      {"\xC2", 0},  // cut off
      {"\xE2\x82", 0},
      {"\xF0\x9F\x98", 0},
      {"\xE2\x41\x80", 0},
  };
  for (const auto& c : cases) CHECK(syntax::character_length(c.bytes, 0) == c.length);
}

TEST_CASE("parse: bytes that are no text are located errors") {
  CHECK(Parsed(std::string("language 1;\n# \0", 15)).found() == "2:3 P1002");
  CHECK(Parsed("language 1;\n# a\rb").found() == "2:4 P1003");
  CHECK(Parsed("language 1;\r").found() == "1:12 P1003");
  CHECK(Parsed("language 1; # \xFF").found() == "1:15 P1001");
  CHECK(Parsed("language 1; # \xE2\x82").found() == "1:15 P1001, 1:16 P1001");
  CHECK(Parsed("\xEF\xBB\xBFlanguage 1;").found() == "1:1 P1006");
}

TEST_CASE("parse: a file of bytes is reported a few times, not a million times") {
  const Parsed p(std::string(1'000'000, '\xFF'));
  CHECK(p.sink.error_count() == 20);
}

TEST_CASE("parse: a file past the limit is not read") {
  const Parsed p(std::string(syntax::largest_file + 1, ' '));
  CHECK(p.found() == "1:1 P1005");
}
