#include "diag/source.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace polc::diag;

namespace {

Position at(const SourceMap& sources, SourceId file, std::uint32_t offset) { return sources.position_of(file, offset); }

}  // namespace

TEST_CASE("position_of: lines and columns count from one") {
  SourceMap sources;
  const auto id = sources.add("a.pol", "ab\ncd\n\nx");
  CHECK(at(sources, id, 0).line == 1);
  CHECK(at(sources, id, 0).column == 1);
  CHECK(at(sources, id, 1).column == 2);
  CHECK(at(sources, id, 2).line == 1);  // the line feed belongs to the line that it ends
  CHECK(at(sources, id, 3).line == 2);
  CHECK(at(sources, id, 6).line == 3);
  CHECK(at(sources, id, 7).line == 4);
  CHECK(at(sources, id, 8).column == 2);  // the end of the file
  CHECK(at(sources, id, 1000).column == 2);
}

TEST_CASE("position_of: a column is a character, a tab is one") {
  SourceMap sources;
  const auto id = sources.add("a.pol", "\tö日x");
  CHECK(at(sources, id, 1).column == 2);
  CHECK(at(sources, id, 3).column == 3);
  CHECK(at(sources, id, 6).column == 4);
}

TEST_CASE("line_at: the line without its end, LF or CRLF") {
  SourceMap sources;
  const auto id = sources.add("a.pol", "one\r\ntwo\n");
  CHECK(sources.line_at(id, 1) == "one");
  CHECK(sources.line_at(id, 6) == "two");
  CHECK(sources.line_at(id, 9) == "");
  CHECK(sources.line_start(id, 6) == 5);
}

TEST_CASE("text_of: a range past the end is cut") {
  SourceMap sources;
  const auto id = sources.add("a.pol", "abc");
  CHECK(sources.text_of(SourceRange{id, 1, 2}) == "b");
  CHECK(sources.text_of(SourceRange{id, 2, 99}) == "c");
  CHECK(sources.text_of(SourceRange{id, 50, 99}) == "");
}

TEST_CASE("an empty file has one empty line") {
  SourceMap sources;
  const auto id = sources.add("empty.pol", "");
  CHECK(at(sources, id, 0).line == 1);
  CHECK(sources.line_at(id, 0) == "");
  CHECK(place_of(sources, {id, 0, 0}) == "empty.pol:1:1");
}
