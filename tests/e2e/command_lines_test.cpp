// Exit statuses of whole command lines, as README has them: 0 done, allowed or equal; 1 the policy is at fault or the answer is no;
// 2 wrong usage; 3 the world failed.
#include "polc_process.hpp"

#include <doctest/doctest.h>

namespace {

using e2e::Outcome;
using e2e::Scratch;

struct Line {
  std::vector<std::string> words;
  int status;
};

const Line lines[] = {
    // A list takes one value, and every FILE is read: bad.pol is at fault wherever it stands.
    {{"test", "-I", "inc", "bad.pol", "good.pol"}, 1},
    {{"test", "good.pol", "-I", "inc", "bad.pol"}, 1},
    {{"lint", "-I", "inc", "bad.pol", "good.pol"}, 1},
    {{"lint", "--select", "P4011", "good.pol", "bad.pol"}, 1},
    {{"lint", "--ignore=P4011", "bad.pol", "good.pol", "--fail-level=error"}, 1},
    {{"fmt", "--check", "bad.pol", "good.pol"}, 1},
    {{"test", "--target", "plain", "missing.pol", "good.pol"}, 3},
    {{"-I", "inc", "missing.pol", "good.pol", "--target=plain"}, 3},
    // Any order.
    {{"--target=plain", "good.pol"}, 0},
    {{"--target", "plain", "good.pol"}, 0},
    {{"-tplain", "-Iinc", "good.pol"}, 0},
    {{"good.pol", "-t", "plain", "-I", "inc"}, 0},
    {{"--diagnostics", "json", "lint", "good.pol"}, 0},
    {{"--diagnostics=json", "-I", "inc", "test", "good.pol"}, 0},
    {{"--target=plain", "-I", "inc", "--", "-f.pol"}, 0},
    {{"query", "-I", "inc", "good.pol", "read \"/etc/hosts\""}, 0},
    {{"query", "good.pol", "--variant", "debian", "read \"/etc/hosts\""}, 2},
    {{"query", "--target", "plain", "good.pol", "read \"/etc/shadow\""}, 1},
    {{"--version", "lint"}, 0},
    {{"--print-passes"}, 0},
    // FILE is required, and a value is not empty.
    {{}, 2},
    {{"--target=plain"}, 2},
    {{"lint", "-I", "good.pol"}, 2},
    {{"test", "--target", "good.pol"}, 2},
    {{"--target=", "good.pol"}, 2},
    {{"good.pol", "--target=plain,"}, 2},
    {{"good.pol", "--target=plain", "-I", ""}, 2},
    {{"good.pol", "--target=plain", "-I"}, 2},
    {{"good.pol", "", "--target=plain"}, 2},
    {{"lint", "good.pol", "--strict="}, 2},
    // What is no option of the verb.
    {{"---target=plain", "good.pol"}, 2},
    {{"fmt", "-I", "inc", "good.pol"}, 2},
    // A folder that is none is a warning, and no folder at all of a FILE's name is the world's.
    {{"good.pol", "--target=plain", "-I", "missing"}, 0},
    {{"./test", "--target=plain"}, 3},
};

TEST_CASE("command lines: each has its status, and only what is done prints to standard output") {
  const Scratch scratch;
  scratch.write("inc/keep", "");
  scratch.write("-f.pol", e2e::small_policy);
  scratch.write("good.pol", e2e::small_policy);
  scratch.write("bad.pol", e2e::wrong_policy);
  for (const Line& line : lines) {
    std::string text = "polc";
    for (const std::string& word : line.words) text += " '" + word + "'";
    CAPTURE(text);
    const Outcome outcome = scratch.polc(line.words);
    CAPTURE(outcome.err);
    CHECK(outcome.status == line.status);
    if (line.status > 1) CHECK(outcome.out == "");
    if (line.status > 1) CHECK(outcome.err != "");
  }
}

TEST_CASE("-I: what is no directory is a warning once, and a note where an import is not found") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\nimport \"files.pol\";\npolicy web {\n}\n");
  scratch.write("good.pol", e2e::small_policy);
  const auto count = [](const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++times;
    return times;
  };
  for (const char* verb : {"test", "lint", "explain", "fidelity"}) {
    CAPTURE(verb);
    const Outcome outcome = scratch.polc({verb, "good.pol", "-I", "missing", "--target=plain"});
    CHECK(outcome.status == 0);
    CHECK(count(outcome.err, "warning: `missing` of -I is no directory [P9010]") == 1);
  }
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain", "-I", "good.pol"});
  CHECK(outcome.status == 1);
  CHECK(count(outcome.err, "note: `good.pol` of -I is no directory") == 1);
}

}  // namespace
