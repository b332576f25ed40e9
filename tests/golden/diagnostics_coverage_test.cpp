// Does each diagnostic have a page and a golden case, and are the examples of the pages true?
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "diag/lint_catalogue.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path source_dir = POLC_SOURCE_DIR;

// What a golden case cannot show, or not at a bearable size, and where it is tested instead.
struct Exception {
  std::string_view id;
  std::string_view reason;
};
constexpr std::array without_case{
    Exception{"P1005", "the file would have more than 64 MiB; tests/e2e makes one"},
    Exception{"P1007", "of so many errors only the first twenty are shown; tests/e2e asks for JSON"},
    Exception{"P1012", "the file would have more than 262144 words"},
    Exception{"P2033", "the budget of steps is spent by sizes that take minutes to read"},
    Exception{"P2051", "bytes and escapes are checked before: P1002, P1044"},
    Exception{"P5007", "the budget of steps is spent by sizes that take minutes to read"},
    Exception{"P5010", "the budget of steps is spent by sizes that take minutes to read"},
    Exception{"P6005", "no target is asked for a system that it does not serve"},
    Exception{"P6014", "says that polc is wrong"},
    Exception{"P7003", "polc import; tests/e2e/import"},
    Exception{"P7004", "polc import; tests/e2e/import"},
    Exception{"P7007", "polc import; tests/e2e/import"},
    Exception{"P7101", "there is strace on every machine with the tests"},
    Exception{"P7102", "speaks of evidence: tests/e2e/learn"},
    Exception{"P7103", "speaks of a trace: tests/unit/learn"},
    Exception{"P7104", "speaks of a program that is started"},
    Exception{"P7105", "speaks of a trace: tests/unit/learn"},
    Exception{"P7106", "speaks of a trace: tests/unit/learn"},
    Exception{"P7107", "speaks of evidence: tests/unit/learn"},
    Exception{"P7108", "speaks of evidence: tests/unit/learn"},
    Exception{"P7109", "speaks of evidence: tests/unit/learn"},
    Exception{"P7110", "speaks of an event: tests/unit/driver"},
    Exception{"P7111", "speaks of evidence: tests/unit/driver"},
    Exception{"P7112", "speaks of evidence: tests/unit/driver"},
    Exception{"P7113", "speaks of evidence: tests/unit/driver"},
    Exception{"P7114", "speaks of evidence: tests/unit/driver"},
    Exception{"P7115", "speaks of a trace: tests/unit/learn"},
};
// Pages whose bad example is told in words: it is no readable text, has several files, or is a command line.
constexpr std::array told_in_words{
    Exception{"P1001", "a page is UTF-8"},
    Exception{"P1002", "a page has no NUL bytes"},
    Exception{"P1003", "a page has no bare carriage returns"},
    Exception{"P1005", "64 MiB"},
    Exception{"P1006", "a byte order mark is invisible"},
    Exception{"P1007", "two hundred mistakes"},
    Exception{"P1008", "65536 bytes"},
    Exception{"P1012", "262144 words"},
    Exception{"P2008", "forty definitions"},
    Exception{"P2010", "twenty abstractions"},
    Exception{"P2011", "a dozen definitions"},
    Exception{"P2033", "has no golden case either"},
    Exception{"P2035", "ten abstractions"},
    Exception{"P2051", "has no golden case either"},
    Exception{"P2054", "two thousand characters"},
    Exception{"P5007", "has no golden case either"},
    Exception{"P5010", "has no golden case either"},
    Exception{"P5012", "a policy and an artefact"},
    Exception{"P5013", "a policy and an artefact"},
    Exception{"P5014", "a policy and an artefact"},
    Exception{"P6005", "has no golden case either"},
    Exception{"P6007", "a policy and an artefact"},
    Exception{"P6014", "has no golden case either"},
    Exception{"P7003", "an artefact"},
    Exception{"P7004", "an artefact"},
    Exception{"P7007", "an artefact"},
    Exception{"P7101", "a command line"},
    Exception{"P7102", "evidence"},
    Exception{"P7103", "a trace"},
    Exception{"P7104", "a command line"},
    Exception{"P7105", "a trace"},
    Exception{"P7106", "a trace"},
    Exception{"P7107", "evidence"},
    Exception{"P7108", "evidence"},
    Exception{"P7109", "evidence"},
    Exception{"P7110", "an event"},
    Exception{"P7111", "evidence"},
    Exception{"P7112", "evidence"},
    Exception{"P7113", "evidence"},
    Exception{"P7114", "evidence"},
    Exception{"P7115", "a trace"},
    Exception{"P9001", "a command line"},
    Exception{"P9002", "a command line"},
    Exception{"P9005", "two files"},
    Exception{"P6015", "thousands of rules"},
    Exception{"P6018", "fifty masks"},
    Exception{"P9009", "a policy and a profile"},
    Exception{"P9011", "a command line"},
    Exception{"P9013", "two files"},
};

bool holds(const auto& exceptions, std::string_view id) {
  for (const Exception& exception : exceptions)
    if (exception.id == id) return true;
  return false;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string page_of(std::string_view id) {
  return bytes_of(source_dir / "docs/diagnostics" / (std::string(id) + ".md"));
}

// All that the golden cases print to standard error.
std::string golden_diagnostics() {
  std::string text;
  for (const char* root : {"tests/golden", "backends"})
    for (const auto& entry : fs::recursive_directory_iterator(source_dir / root))
      if (entry.path().filename() == "diagnostics.txt") text += bytes_of(entry.path());
  return text;
}

// A fenced example: ```pol WORD... ends where the next fence stands. A word is a target, a verb or an option.
struct Example {
  bool found = false;
  std::vector<std::string> words;
  std::string text;
};

Example example_under(const std::string& page, const std::string& heading) {
  const std::string head = "\n## " + heading + "\n\n```pol";
  const auto at = page.find(head);
  if (at == std::string::npos) return {};
  const auto line_end = page.find('\n', at + head.size());
  const auto close = page.find("\n```\n", line_end);
  if (close == std::string::npos) return {};
  std::istringstream line(page.substr(at + head.size(), line_end - at - head.size()));
  return {true, {std::istream_iterator<std::string>(line), {}}, page.substr(line_end + 1, close - line_end)};
}

// Runs polc on the example in a folder of its own; what it prints to standard error, and its status.
struct Outcome {
  int status = 0;
  std::string err;
};

Outcome compile(const Example& example) {
  std::string pattern = (fs::temp_directory_path() / "polc-page-XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  std::ofstream(folder / "example.pol") << example.text;
  std::string verb, options, stage = " --dump=ir";
  for (const auto& word : example.words) {
    if (word.rfind("-", 0) == 0) options += " '" + word + "'";
    if (word.rfind("--target=", 0) == 0) stage = "";
    if (word.rfind("-", 0) == 0) continue;
    if (word == "test") verb = "test ", stage = "";
    else stage = " --target=" + word;
  }
  const std::string command = "cd '" + folder.string() + "' && '" POLC_BINARY "' " + verb + "example.pol" + stage +
                              options + " </dev/null >/dev/null 2>err";
  const int status = std::system(command.c_str());
  Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : -1, bytes_of(folder / "err")};
  fs::remove_all(folder);
  return outcome;
}

// What `polc lint` finds in the example.
std::string findings_in(const Example& example) {
  std::string pattern = (fs::temp_directory_path() / "polc-page-XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  std::ofstream(folder / "example.pol") << example.text;
  std::string options;
  for (const auto& word : example.words)
    if (word.rfind("-", 0) == 0) options += " '" + word + "'";
  const std::string command = "cd '" + folder.string() + "' && '" POLC_BINARY "' lint --format=gcc --today=2026-11-23" + options +
                              " example.pol </dev/null >out 2>&1";
  const int status = std::system(command.c_str());
  CHECK(WIFEXITED(status));
  const std::string out = bytes_of(folder / "out");
  fs::remove_all(folder);
  return out;
}

std::string tag(std::string_view id) { return std::string("[").append(id).append("]"); }

// `beside=P4025` on the fence: the bad example is found by that check, too.
bool is_expected(const std::string& line, std::string_view id, const std::vector<std::string>& words) {
  if (line.find(tag(id)) != line.npos) return true;
  for (const auto& word : words)
    if (word.rfind("beside=", 0) == 0 && line.find(tag(word.substr(7))) != line.npos) return true;
  return false;
}

// The text with `pattern` in its first allow rule replaced; empty when no allow rule has it.
std::string respelt(const std::string& text, const std::regex& pattern, const std::string& with) {
  std::string result;
  bool done = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line); result += line + '\n') {
    if (done || line.find("allow ") == line.npos || !std::regex_search(line, pattern)) continue;
    line = std::regex_replace(line, pattern, with, std::regex_constants::format_first_only);
    done = true;
  }
  return done ? result : "";
}

// Found in as many spellings as the example can be written in; how many those were.
int check_spellings(std::string_view id, const Example& bad, const std::vector<std::string>& texts) {
  int tried = 0;
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    CAPTURE(text);
    CHECK(findings_in({true, bad.words, text}).find(tag(id)) != std::string::npos);
    ++tried;
  }
  return tried;
}

}  // namespace

TEST_CASE("catalogue: every diagnostic has a page that begins with its id") {
  for (const auto& row : polc::diag::catalogue) {
    CAPTURE(row.id);
    CHECK(page_of(row.id).rfind("# " + std::string(row.id) + ": ", 0) == 0);
  }
}

TEST_CASE("catalogue: every diagnostic is printed by a golden case, or is listed with the reason") {
  const std::string printed = golden_diagnostics();
  for (const auto& row : polc::diag::catalogue) {
    CAPTURE(row.id);
    CHECK((printed.find(tag(row.id)) != std::string::npos) != holds(without_case, row.id));
  }
}

TEST_CASE("pages: none is about an id that the catalogue does not have") {
  std::set<std::string> known;
  for (const auto& row : polc::diag::catalogue) known.insert(std::string(row.id) + ".md");
  for (const auto& row : polc::diag::lint_catalogue) known.insert(std::string(row.id) + ".md");
  for (const auto& entry : fs::directory_iterator(source_dir / "docs/diagnostics")) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    CHECK(known.count(name) == 1);
  }
}

TEST_CASE("pages: the bad example shows the diagnostic") {
  for (const auto& row : polc::diag::catalogue) {
    CAPTURE(row.id);
    const Example bad = example_under(page_of(row.id), "Bad");
    CHECK(bad.found != holds(told_in_words, row.id));
    if (!bad.found) continue;
    const Outcome outcome = compile(bad);
    CAPTURE(outcome.err);
    CHECK(outcome.err.find(tag(row.id)) != std::string::npos);
  }
}

TEST_CASE("pages: the good example compiles without it") {
  for (const auto& row : polc::diag::catalogue) {
    CAPTURE(row.id);
    const Example good = example_under(page_of(row.id), "Good");
    CHECK(good.found);
    if (!good.found) continue;
    const Outcome outcome = compile(good);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 0);
    CHECK(outcome.err.find(tag(row.id)) == std::string::npos);
  }
}

TEST_CASE("lint: every check has a page whose bad example triggers it and whose good example triggers nothing") {
  for (const auto& row : polc::diag::lint_catalogue) {
    CAPTURE(row.id);
    const std::string page = page_of(row.id);
    CHECK(page.rfind("# " + std::string(row.id) + ": ", 0) == 0);
    for (const char* heading : {"## How to fix it", "## Seen in"}) CHECK(page.find(heading) != page.npos);
    const Example bad = example_under(page, "Bad"), good = example_under(page, "Good");
    REQUIRE(bad.found);
    REQUIRE(good.found);
    const std::string found = findings_in(bad);
    CHECK(found.find(tag(row.id)) != found.npos);
    // Nothing else may be found beside but what the page says.
    std::istringstream lines(found);
    for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(is_expected(line, row.id, bad.words), line);
    CHECK(findings_in(good) == "");
  }
}

TEST_CASE("lint: an abstraction between policy and rule hides no finding") {
  const std::string head = "policy web {\n";
  for (const auto& row : polc::diag::lint_catalogue) {
    if (row.id == "P4094") continue;  // no abstraction may hold `program`
    CAPTURE(row.id);
    Example bad = example_under(page_of(row.id), "Bad");
    const auto at = bad.text.find(head);
    REQUIRE(at != std::string::npos);
    bad.text = bad.text.substr(0, at) + "abstraction hidden {\n" + bad.text.substr(at + head.size()) + "policy web {\n  use hidden;\n}\n";
    CHECK(findings_in(bad).find(tag(row.id)) != std::string::npos);
  }
}

TEST_CASE("lint: a variable in place of what the bad example names hides no finding") {
  static const std::regex path(R"re("(/[^"]*)")re"), port(R"re(:(\{[^}]*\}|[0-9]+)( |,|;))re");
  int tried = 0;
  for (const auto& row : polc::diag::lint_catalogue) {
    CAPTURE(row.id);
    const Example bad = example_under(page_of(row.id), "Bad");
    const auto with_let = [&](const std::regex& what, const std::string& rule, int group) {
      std::smatch match;
      const std::string text = respelt(bad.text, what, rule);
      if (text.empty() || !std::regex_search(bad.text, match, what)) return std::string();
      const std::string head = "language 1;\n";
      return head + "let hidden = " + (group == 0 ? match[0].str() : match[1].str()) + ";\n" + text.substr(head.size());
    };
    tried += check_spellings(row.id, bad, {with_let(path, "$$hidden", 0), with_let(port, ":$$hidden$2", 1)});
  }
  CHECK(tried >= 15);
}

TEST_CASE("lint: an alternation beside what the bad example names hides no finding") {
  // With something beside it the rule is no longer the same as another, or without effect.
  const std::set<std::string_view> changed{"P4081", "P4082"};
  static const std::regex path(R"re("/([^"{}]*)")re"), call(R"re(syscall ([a-z0-9_]+(, [a-z0-9_]+)*);)re");
  int tried = 0;
  for (const auto& row : polc::diag::lint_catalogue) {
    if (changed.count(row.id) > 0) continue;
    CAPTURE(row.id);
    const Example bad = example_under(page_of(row.id), "Bad");
    tried += check_spellings(row.id, bad, {respelt(bad.text, path, "\"/{$1,nowhere/at/all}\""), respelt(bad.text, call, "syscall getpid, $1;")});
  }
  CHECK(tried >= 20);
}
