// One rule, one verb: what libc does for it works under the filter of a base policy and that rule, and under the base
// alone it does not; what goes beyond the rule is refused; and of all other calls none gets through, whatever its
// arguments.
//   verbs_test FOLDER LIBC=PROGRAM...      PROGRAM: program/ built with that libc; none: it is not installed
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "polc_process.hpp"
#include "reachable.hpp"

namespace {

using Names = std::set<std::string>;
using polc::Arch;

constexpr int skipped = 77;
constexpr std::size_t unneeded_at_least = 200;
// What the filters answer (base.pol), and no kernel.
constexpr int refused = 51;  // EL2HLT

int failures = 0;
void fail(const std::string& what) {
  std::printf("FAILED: %s\n", what.c_str());
  ++failures;
}

std::string joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

// A line of verbs.tsv.
struct Row {
  std::string verb;  // the program's
  std::string rules;
  Names calls;        // beside the base's, these may get through: what the libcs make,
  Names along;        // and what comes with it, for other programs
  Names open_on_x86;  // of what goes beyond the rule: socketcall's arguments lie in memory

  bool has_program() const { return verb != "-"; }
  const std::string& name() const { return has_program() ? verb : rules; }
};

Names words_of(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

std::vector<Row> rows_of(const std::string& file) {
  std::vector<Row> rows;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::array<std::string, 5> cells;
    std::istringstream columns(line);
    for (std::string& cell : cells) std::getline(columns, cell, '\t');
    rows.push_back({cells[0], cells[1], words_of(cells[2]), words_of(cells[3]), words_of(cells[4])});
  }
  return rows;
}

// ---- filters

class Filters {
 public:
  explicit Filters(const std::string& folder) {
    std::ifstream base(folder + "/base.pol", std::ios::binary);
    scratch_.write("base.pol", std::string{std::istreambuf_iterator<char>(base), {}});
  }

  /// The path of the filter; empty: it does not compile, which has been told.
  std::string of(const std::string& name, const std::string& rules, const std::string& arch) const {
    const std::string source = name + ".pol", filter = name + "." + arch;
    scratch_.write(
        source, "language 1;\nimport \"base.pol\";\npolicy verb {\n  default deny errno EL2HLT;\n  use verb_base;\n  " +
                    rules + "\n}\n");
    const auto outcome =
        scratch_.polc({source, "--target=seccomp", "--arch=" + arch, "--format=bpf", "--fidelity=none", "-o", filter});
    if (outcome.status == 0) return scratch_.path(filter).string();
    fail(name + " does not compile for " + arch + ": " + outcome.err);
    return {};
  }

  std::vector<verbs::Line> lines_of(const std::string& name) const {
    return verbs::lines_in(scratch_.read(name + ".x86_64"));
  }

 private:
  e2e::Scratch scratch_;
};

// The calls of x86_64 that may get through.
Names reachable(const std::vector<verbs::Line>& lines) {
  Names names;
  for (const auto& call : polc::knowledge::calls_of(polc::Os::linux_os)) {
    const auto number =
        polc::knowledge::number_of(Arch::x86_64, *polc::knowledge::find_call(polc::Os::linux_os, call.name));
    if (number && verbs::may_pass(lines, polc::knowledge::audit_arch(Arch::x86_64), *number))
      names.insert(std::string(call.name));
  }
  return names;
}

std::size_t count_calls() {
  std::size_t count = 0;
  for (const auto& call : polc::knowledge::calls_of(polc::Os::linux_os))
    count += polc::knowledge::number_of(Arch::x86_64, *polc::knowledge::find_call(polc::Os::linux_os, call.name))
                 .has_value();
  return count;
}

// How many calls are refused whatever their arguments, which are all but the base's and the row's.
std::size_t check_calls(const Row& row, const std::vector<verbs::Line>& lines, const Names& base) {
  const Names open = reachable(lines);
  Names needed = row.calls;
  needed.insert(row.along.begin(), row.along.end());
  Names too_much, missing;
  for (const std::string& call : open)
    if (!needed.contains(call) && !base.contains(call)) too_much.insert(call);
  for (const std::string& call : needed)
    if (!open.contains(call)) missing.insert(call);
  if (!too_much.empty()) fail(row.name() + ": not needed, and let through: " + joined(too_much));
  if (!missing.empty()) fail(row.name() + ": needed, and refused: " + joined(missing));
  const std::size_t refusals = count_calls() - open.size();
  if (refusals < unneeded_at_least) fail(row.name() + ": only " + std::to_string(refusals) + " calls are refused");
  if (verbs::may_pass(lines, polc::knowledge::audit_arch(Arch::x86), 1))
    fail(row.name() + ": a call of x86 gets through");
  return refusals;
}

// ---- programs

struct Answer {
  bool did = false;
  std::string failure;  // why not
  std::map<std::string, int> excess;
};

Answer run(const std::string& program, const std::string& verb, const std::string& filter) {
  Answer answer;
  std::FILE* const output =
      ::popen(("'" + program + "' " + verb + (filter.empty() ? "" : " '" + filter + "'")).c_str(), "r");
  if (output == nullptr) return answer;
  std::array<char, 400> line{};
  while (std::fgets(line.data(), line.size(), output) != nullptr) {
    const std::string text(line.data(), std::string_view(line.data()).find('\n'));
    const auto number = text.rfind(' ');
    if (text.starts_with("did ")) answer.did = true;
    else if (text.starts_with("excess ")) answer.excess[text.substr(7, number - 7)] = std::atoi(text.c_str() + number);
    else answer.failure += text + "; ";
  }
  const int status = ::pclose(output);
  if (status != 0) answer.failure += "ended with " + std::to_string(status);
  answer.did = answer.did && status == 0;
  return answer;
}

struct Libc {
  std::string name, program;
  std::string arch() const { return name == "i386" ? "x86" : "x86_64"; }
};

struct Counts {
  std::size_t programs = 0, worked = 0, excess = 0, least_refused = static_cast<std::size_t>(-1);
};

void check_program(const Row& row, const Libc& libc, const std::string& base, const std::string& filter,
                   Counts& counts) {
  const std::string what = libc.name + " " + row.verb;
  const Answer bare = run(libc.program, row.verb, "");
  if (!bare.did) return fail(what + ": does not work without a filter: " + bare.failure);
  for (const auto& [name, error] : bare.excess)
    if (error != 0) fail(what + ": " + name + " does not work without a filter: errno " + std::to_string(error));
  if (bare.excess.empty()) fail(what + ": nothing goes beyond the rule");
  if (run(libc.program, row.verb, base).did) fail(what + ": works under the base alone");

  const Answer under = run(libc.program, row.verb, filter);
  if (!under.did) fail(what + ": does not work under `" + row.rules + "`: " + under.failure);
  counts.worked += under.did;
  for (const auto& [name, ignored] : bare.excess) {
    const auto found = under.excess.find(name);
    const bool is_open = libc.arch() == "x86" && row.open_on_x86.contains(name);
    if (found == under.excess.end()) fail(what + ": " + name + " was not tried under the filter");
    else if (found->second != (is_open ? 0 : refused))
      fail(what + ": " + name + " under `" + row.rules + "`: errno " + std::to_string(found->second));
    counts.excess += !is_open;
  }
}

bool can_make_namespaces(const std::vector<Libc>& libcs) {
  return run(libcs.front().program, "fork", "").failure.find("unshare") == std::string::npos;
}

void check_row(const Row& row, const Filters& filters, const std::vector<Libc>& libcs, const Names& base,
               Counts& counts) {
  std::map<std::string, std::string> of_arch;  // "": it did not compile
  const std::string name = row.has_program() ? row.verb : "without-program";
  of_arch["x86_64"] = filters.of(name, row.rules, "x86_64");
  if (!of_arch["x86_64"].empty())
    counts.least_refused = std::min(counts.least_refused, check_calls(row, filters.lines_of(name), base));
  if (!row.has_program()) return;
  counts.programs += libcs.size();
  for (const Libc& libc : libcs) {
    if (!of_arch.contains(libc.arch())) of_arch[libc.arch()] = filters.of(row.verb, row.rules, libc.arch());
    if (const std::string& filter = of_arch[libc.arch()]; !filter.empty())
      check_program(row, libc, filters.of("nothing", "", libc.arch()), filter, counts);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return 2;
  const std::string folder = words[1];
  std::vector<Libc> libcs;
  for (int i = 2; i < count; ++i) {
    const std::string word = words[i];
    const auto equals = word.find('=');
    if (equals + 1 < word.size()) libcs.push_back({word.substr(0, equals), word.substr(equals + 1)});
    else
      std::printf("SKIPPED: no program for %s can be built here (scripts/setup --with-daemons)\n",
                  word.substr(0, equals).c_str());
  }
  if (::geteuid() != 0 || libcs.empty() || !can_make_namespaces(libcs)) {
    std::printf("SKIPPED: only root with all capabilities can make namespaces and load filters without further ado\n");
    return skipped;
  }

  const Filters filters(folder);
  filters.of("nothing", "", "x86_64");
  const Names base = reachable(filters.lines_of("nothing"));
  const auto rows = rows_of(folder + "/verbs.tsv");
  Counts counts;
  for (const Row& row : rows) check_row(row, filters, libcs, base, counts);
  std::printf(
      "%zu rules, %zu of %zu programs work under theirs and not without; %zu times what goes beyond it is refused; "
      "of %zu calls "
      "at least %zu are refused\n",
      rows.size(), counts.worked, counts.programs, counts.excess, count_calls(), counts.least_refused);
  if (counts.programs < 64 * libcs.size()) fail("only " + std::to_string(counts.programs) + " programs");
  return failures == 0 ? 0 : 1;
}
