// docs/calls.md: which calls do which access, made from the tables src/knowledge/*_relation.inc and never written by hand: a row that
// is dropped or changed shows.
// POLC_UPDATE_GOLDEN=1 writes the page; otherwise it must be what the tables say.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "knowledge/relation.hpp"

namespace polc {
namespace {

using knowledge::Relation;
using knowledge::Row;

const std::string path = POLC_SOURCE_DIR "/docs/calls.md";

const char* const introduction =
    "# Accesses and system calls\n"
    "\n"
    "What the compiler knows of how a program does what a policy speaks of ([language.md](language.md#11-accesses-and-rules) says what\n"
    "follows from it): the dated tables `src/knowledge/*_relation.inc`, from which the test `golden.calls_page` makes this page.\n"
    "\n"
    "| word | the call |\n"
    "|---|---|\n"
    "| brings | is the least that a program with today's libcs needs: to allow the access allows this call under this condition |\n"
    "| sure | is a way: each such call does it. A deny of all its accesses takes it |\n"
    "| blind | is a way when memory or another object says so: no filter can tell, and no deny takes it |\n"
    "| blind beside | is a blind way only where a call that is `beside` is permitted, too |\n"
    "| access | is no call but an access, and does it: its verb stands under *call*, its path under *where* |\n"
    "| both | brings, and is a sure way |\n"
    "| step | is brought, and does nothing by itself |\n"
    "\n"
    "- *of*: the types of the object, the member of an act, the protocol, peer or signal that it holds for alone. `openable` is file, fifo,\n"
    "  chardev and blockdev; `readable` those and dir; `mappable` file, chardev and blockdev. Verbs joined by `+`: one call does\n"
    "  all of them to one object, and is brought where a policy allows all of them there.\n"
    "- *where*: the condition, as in a policy; nothing: always. `$mode`, `$id`, `$sig`, `$request` and `$kinds` are what the rule names.\n"
    "- *architectures*: nothing: all that have the call. Constants have each architecture's own values.\n"
    "- *since*: the release that brought the way; nothing: before those of today (Linux 2.6.32).\n"
    "- *seen*: on which architecture it was tried; nothing: it was read, and not run.\n"
    "\n"
    "`socket` by family, type and protocol is no row: it is always the call `socket` with these three.\n";

constexpr std::array<std::pair<Os, const char*>, 3> systems{{{Os::linux_os, "Linux"}, {Os::openbsd, "OpenBSD"}, {Os::freebsd, "FreeBSD"}}};

std::string_view word_of(Relation relation) {
  switch (relation) {
    case Relation::brings: return "brings";
    case Relation::sure: return "sure";
    case Relation::blind: return "blind";
    case Relation::blind_beside: return "blind beside";
    case Relation::beside: return "beside";
    case Relation::file: return "access";
    case Relation::step: return "step";
    case Relation::both: return "both";
  }
  return {};
}

/// A cell of a table: a bar would end it.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

/// Code in a cell; nothing stays nothing.
std::string code(std::string_view text) { return text.empty() ? std::string() : "`" + cell(text) + "`"; }

std::string line_of(const Row& row) {
  std::string line = "|";
  for (const std::string& column : {cell(row.of), std::string(word_of(row.relation)), code(row.call), code(row.condition), cell(row.architectures),
                                    cell(row.since), cell(row.seen), cell(row.note)})
    line += " " + column + (column.empty() ? "|" : " |");
  return line + "\n";
}

std::string section_of(Os os, const char* heading) {
  std::vector<std::string_view> accesses;  // each once, in the table's order
  for (const Row& row : knowledge::rows_of(os))
    if (std::find(accesses.begin(), accesses.end(), row.access) == accesses.end()) accesses.push_back(row.access);
  std::string text = "\n## " + std::string(heading) + "\n";
  for (const std::string_view access : accesses) {
    text += "\n### " + std::string(heading) + ": " + std::string(access) + "\n\n| of | | call | where | architectures | since | seen | note |\n|---|---|---|---|---|---|---|---|\n";
    for (const Row& row : knowledge::rows_of(os))
      if (row.access == access) text += line_of(row);
  }
  return text;
}

std::string page() {
  std::string text = introduction;
  for (const auto& [os, heading] : systems) text += section_of(os, heading);
  return text;
}

std::string content() {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("docs/calls.md says each row of the tables") {
  if (std::getenv("POLC_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << page();
  std::istringstream expected(page()), found(content());
  std::string wanted, line;
  while (std::getline(expected, wanted)) {
    INFO("POLC_UPDATE_GOLDEN=1 ctest -R golden.calls_page writes it");
    REQUIRE(std::getline(found, line));
    REQUIRE(line == wanted);
  }
  CHECK_FALSE(std::getline(found, line));
}

}  // namespace polc
