#include <doctest/doctest.h>

#include <string>

#include "diag/render.hpp"
#include "diag/sink.hpp"

using namespace polc::diag;

namespace {

constexpr Kind<> bad{"X0001", Severity::error, "bad", "bad word"};
constexpr Kind<std::string_view> worse{"X0002", Severity::warning, "worse", "worse: `{}`"};

struct Fixture {
  SourceMap sources;
  Sink sink;
  SourceId file;
  explicit Fixture(std::string text) : file(sources.add("a.pol", std::move(text))) {}
  SourceRange range(std::uint32_t begin, std::uint32_t end) const { return {file, begin, end}; }
  std::string shown(bool colour = false) const { return render_text(sources, sink.sorted(), colour); }
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("render_text: place, message, id, line and mark") {
  Fixture f("language 1;\nallow raed \"/x\";\n");
  f.sink.add(bad, f.range(18, 22)).fix(f.range(18, 22), "read");
  CHECK(f.shown() ==
        "a.pol:2:7: error: bad word [X0001]\n"
        "    2 | allow raed \"/x\";\n"
        "      |       ^~~~\n"
        "      |       read\n");
}

TEST_CASE("render_text: the mark stands right below tabs and wide characters") {
  Fixture f("\t\"日本ö\" x");
  f.sink.add(bad, f.range(12, 13));
  CHECK(f.shown() ==
        "a.pol:1:8: error: bad word [X0001]\n"
        "    1 |         \"日本ö\" x\n"
        "      |                 ^\n");
}

TEST_CASE("render_text: an empty range and the end of the file have a mark, a range of two lines ends with the first") {
  Fixture f("ab\ncd");
  f.sink.add(bad, f.range(5, 5)).fix(f.range(5, 5), ";");
  f.sink.add(bad, f.range(1, 4));
  CHECK(f.shown() ==
        "a.pol:1:2: error: bad word [X0001]\n"
        "    1 | ab\n"
        "      |  ^\n"
        "a.pol:2:3: error: bad word [X0001]\n"
        "    2 | cd\n"
        "      |   ^\n"
        "      |   ;\n");
}

TEST_CASE("render_text: a deletion is a row of dashes, several fixes share a line") {
  Fixture f("abcdefgh");
  f.sink.add(bad, f.range(0, 8)).fix(f.range(0, 2), "").fix(f.range(4, 5), "XY");
  CHECK(f.shown().ends_with("      | ^~~~~~~~\n      | --  XY\n"));
}

TEST_CASE("render_text: notes with and without a place") {
  Fixture f("one\ntwo");
  f.sink.add(worse, f.range(4, 7), "two").note(f.range(0, 3), "first here").note("think again");
  CHECK(f.shown() ==
        "a.pol:2:1: warning: worse: `two` [X0002]\n"
        "    2 | two\n"
        "      | ^~~\n"
        "a.pol:1:1: note: first here\n"
        "    1 | one\n"
        "      | ^~~\n"
        "note: think again\n");
}

TEST_CASE("render_text: nothing of the policy reaches the terminal raw") {
  Fixture f("\x1B[31m\xFFx");
  f.sink.add(worse, f.range(5, 6), "\xFF\x1B");
  const auto shown = f.shown();
  CHECK(shown.find('\x1B') == std::string::npos);
  CHECK(shown.find('\xFF') == std::string::npos);
  CHECK(shown ==
        "a.pol:1:6: warning: worse: `\\xFF\\x1B` [X0002]\n"
        "    1 | \\x1B[31m\\xFFx\n"
        "      |         ^~~~\n");
}

TEST_CASE("render_text: a long line is cut around the mark") {
  for (const std::uint32_t mark : {0u, 50u, 130u, 500'000u, 999'990u, 1'000'000u}) {
    Fixture f(std::string(mark, 'a') + "X" + std::string(1'000'000 - mark, 'b'));
    f.sink.add(bad, f.range(mark, mark + 1));
    const auto shown = f.shown();
    const auto line = shown.find(" | ") + 3;
    const auto text = shown.substr(line, shown.find('\n', line) - line);
    const auto caret = shown.find('^') - (shown.find(" | ", line) + 3);
    CHECK(text.size() <= 126);
    REQUIRE(caret < text.size());
    CHECK(text[caret] == 'X');
  }
}

TEST_CASE("render_text: twenty errors a file are shown, the others counted; warnings always") {
  Fixture f(std::string(100, 'x'));
  for (std::uint32_t i = 0; i < 25; ++i) f.sink.add(bad, f.range(i, i + 1));
  f.sink.add(worse, f.range(90, 91), "w");
  const auto shown = f.shown();
  CHECK(count(shown, "error:") == 20);
  CHECK(count(shown, "warning:") == 1);
  CHECK(shown.ends_with("a.pol: ... and 5 more errors\n"));
}

TEST_CASE("render_text: colour only when asked, and closed again") {
  Fixture f("x");
  f.sink.add(bad, f.range(0, 1));
  CHECK(count(f.shown(false), "\033") == 0);
  CHECK(count(f.shown(true), "\033[0m") * 2 == count(f.shown(true), "\033["));
}

TEST_CASE("render_text: what has no place has no line") {
  Fixture f("x");
  f.sink.add_unlocated(worse, "y");
  CHECK(f.shown() == "warning: worse: `y` [X0002]\n");
}
