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
    {{"lint", "--quite", "good.pol"}, 2},
    {{"good.pol", "--fix"}, 2},
    // A word that is neither a command nor a file.
    {{"lnt", "good.pol"}, 2},
    {{"check"}, 2},
    {{"web", "--target=plain"}, 2},
    {{"inc", "--target=plain"}, 3},
    {{"web.pol", "--target=plain"}, 3},
    {{"--", "lnt", "good.pol"}, 3},
    {{"explain", "p9011"}, 0},
    {{"lint", "--select", "p40", "good.pol"}, 0},
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

struct Said {
  std::vector<std::string> words;
  std::string_view message;
};

const Said mistakes[] = {
    {{"lnt", "good.pol"}, "error: there is no command `lnt`; did you mean `lint`? [P9011]\nusage: polc [OPTION]... FILE... (polc --help)\n"},
    {{"fidelty", "good.pol"}, "there is no command `fidelty`; did you mean `fidelity`?"},
    {{"lint", "--quite"}, "error: `polc lint` has no option `--quite` [P9012]\nusage: polc lint [OPTION]... FILE... (polc lint --help)\n"},
    {{"lint", "--fail-levle=error"}, "`polc lint` has no option `--fail-levle`; did you mean `--fail-level`?"},
    {{"lint", "good.pol", "--mutate"}, "`polc lint` has no option `--mutate`; only `polc test` has it"},
    {{"good.pol", "--fix"}, "`polc` has no option `--fix`; only `polc lint` has it"},
    {{"fidelity", "good.pol", "--diff"}, "`polc fidelity` has no option `--diff`; `polc lint`, `polc fmt` have it"},
    {{"good.pol", "--output=x"}, "`polc` has no option `--output`; the output is `-o OUT`"},
    {{"god.pol", "--target=plain"}, "error: cannot open `god.pol`: No such file or directory [P9001]\nhelp: did you mean `good.pol`?\n"},
    {{"test", "inc/god.pol"}, "help: did you mean `inc/good.pol`?"},
    {{"fmt", "./good"}, "help: did you mean `./good.pol`?"},
};

TEST_CASE("a mistake names what was probably meant") {
  const Scratch scratch;
  scratch.write("good.pol", e2e::small_policy);
  scratch.write("inc/good.pol", e2e::small_policy);
  for (const Said& mistake : mistakes) {
    const Outcome outcome = scratch.polc(mistake.words);
    CAPTURE(mistake.words.front());
    CAPTURE(outcome.err);
    CHECK(e2e::contains(outcome.err, mistake.message));
    CHECK(outcome.out == "");
  }
}

TEST_CASE("a binary artefact is not written to a terminal") {
  const Scratch scratch;
  scratch.write("good.pol", "language 1;\npolicy web {\n  allow read \"/etc/hosts\";\n}\n");
  const e2e::Surroundings terminal{.output = "/dev/ptmx"};
  const Outcome refused = scratch.polc({"good.pol", "--target=seccomp", "--format=bpf"}, terminal);
  CHECK(refused.status == 2);
  CHECK(e2e::contains(refused.err, "this artefact is binary, and standard output is a terminal: -o FILE, or --format=asm [P9003]"));
  CHECK(scratch.polc({"good.pol", "--target=seccomp", "--format=asm"}, terminal).status == 0);
  CHECK(scratch.polc({"good.pol", "--target=seccomp", "--format=bpf"}).status == 0);
}

TEST_CASE("words of other tools are answered with what polc has") {
  const Scratch scratch;
  for (const char* word : {"check", "validate", "build", "generate", "emit", "format", "plan", "man", "apply", "load", "enforce", "install"}) {
    const Outcome outcome = scratch.polc({word});
    CAPTURE(word);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(e2e::contains(outcome.err, "[P9011]\nhelp: "));
  }
}

TEST_CASE("a mistake on the command line is JSON for who asks for that") {
  const Scratch scratch;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"lnt", "--diagnostics=json"}, {"lint", "--quite", "--diagnostics", "json"}}) {
    const Outcome outcome = scratch.polc(words);
    CHECK(outcome.status == 2);
    CHECK(e2e::contains(outcome.err, "\"kind\": \"usage\""));
  }
}

}  // namespace
