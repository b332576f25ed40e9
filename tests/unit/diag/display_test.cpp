#include "diag/display.hpp"

#include <doctest/doctest.h>

using namespace polc::diag;

TEST_CASE("printable: letters of all scripts stay as they are") {
  CHECK(printable("plain ö 日本 🦊") == "plain ö 日本 🦊");
}

TEST_CASE("printable: controls and invalid UTF-8 are shown by their bytes") {
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\033[31m\t\n\x7F") == "\\x1B[31m\\x09\\x0A\\x7F");
  CHECK(printable("\xC3") == "\\xC3");                             // truncated
  CHECK(printable("\xC0\xAF") == "\\xC0\\xAF");                    // overlong
  CHECK(printable("\xED\xA0\x80") == "\\xED\\xA0\\x80");           // a surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "\\xF4\\x90\\x80\\x80");  // past U+10FFFF
  CHECK(printable("\x80x") == "\\x80x");
}

TEST_CASE("printable: marks that reorder or hide text are shown by their bytes") {
  CHECK(printable("\xE2\x80\xAE") == "\\xE2\\x80\\xAE");  // right-to-left override
  CHECK(printable("\xE2\x80\x8B") == "\\xE2\\x80\\x8B");  // zero-width space
  CHECK(printable("\xC2\x9B") == "\\xC2\\x9B");           // a control sequence introducer in one byte
}

TEST_CASE("cells_of: tabs reach the next stop, wide characters take two columns, combining ones none") {
  const auto cells = cells_of("a\tb日e\xCC\x81", 100);
  REQUIRE(cells.size() == 6);
  CHECK(cells[1].width == 7);
  CHECK(cells[2].column == 8);
  CHECK(cells[3].width == 2);
  CHECK(cells[4].column == 11);
  CHECK(cells[5].width == 0);
  CHECK(cells[5].begin == 100 + 7);
}
