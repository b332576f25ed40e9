#include "support/lines.hpp"

#include <doctest/doctest.h>

namespace polc {

TEST_CASE("lines are taken off a text, the last with its end or without") {
  std::string_view text = "a\n\nb";
  CHECK(take_line(text) == "a");
  CHECK(take_line(text) == "");
  CHECK(text == "b");
  CHECK(take_line(text) == "b");
  CHECK(text.empty());
  text = "a\n";
  CHECK(take_line(text) == "a");
  CHECK(text.empty());
  CHECK(take_line(text) == "");
}

TEST_CASE("a line by its number") {
  CHECK(line_at("a\nb\n", 1) == "a");
  CHECK(line_at("a\nb\n", 2) == "b");
  CHECK(line_at("a\nb\n", 3) == "");
  CHECK(line_at("a\nb", 0) == "");
  CHECK(line_at("", 1) == "");
}

}  // namespace polc
