#include "ways.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

namespace polc::ways {

std::vector<Words> lines_of(const std::string& table, std::size_t width) {
  std::ifstream file(std::string(POLC_WAYS) + "/" + table);
  REQUIRE_MESSAGE(file.good(), table);
  std::vector<Words> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    Words& words = lines.emplace_back();
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find('\t', at), line.size());
      words.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    REQUIRE_MESSAGE(words.size() == width, table, ": ", line);
  }
  return lines;
}

Words words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  Words words;
  for (std::string one; stream >> one;) words.push_back(one);
  return words;
}

std::vector<const knowledge::Row*> ways_on(Arch arch) {
  std::vector<const knowledge::Row*> ways;
  for (const knowledge::Row& row : knowledge::rows_of(Os::linux_os)) {
    if (knowledge::is_way(row.relation) && knowledge::call_on(row, Os::linux_os, arch)) ways.push_back(&row);
  }
  return ways;
}

bool is_blind(const knowledge::Row& row) {
  return row.relation == knowledge::Relation::blind || row.relation == knowledge::Relation::blind_beside;
}

std::string text_of(const knowledge::Row& row) {
  std::string text(row.access);
  if (!row.of.empty()) text += " " + std::string(row.of);
  text += is_blind(row) ? ": blind " : ": sure ";
  text += row.call;
  return row.condition.empty() ? text : text + " where " + std::string(row.condition);
}

std::vector<std::string> calls_on(Arch arch) {
  std::vector<std::string> calls;
  for (const knowledge::Call& call : knowledge::calls_of(Os::linux_os))
    if (knowledge::number_of(arch, *knowledge::find_call(Os::linux_os, call.name))) calls.emplace_back(call.name);
  return calls;
}

// What is refused answers with an error that no kernel gives by itself.
std::string policy_of(std::string_view deny, Arch arch, const std::set<std::string>& but, std::string_view accept) {
  std::string calls;
  for (const std::string& call : calls_on(arch))
    if (!but.contains(call)) calls += (calls.empty() ? "" : ", ") + call;
  std::string text = "language 1;\npolicy ways {\n  default deny errno EL2HLT;\n  allow syscall " + calls + ";\n";
  if (!accept.empty()) text += "  @accept(" + std::string(accept) + ": seccomp, \"to see what is left\")\n";
  return text + "  deny " + std::string(deny) + ";\n}\n";
}

Compiled compile(const e2e::Scratch& scratch, std::string_view deny, Arch arch, const std::set<std::string>& but) {
  const auto run = [&](std::string_view accept) {
    scratch.write("ways.pol", policy_of(deny, arch, but, accept));
    return scratch.polc({"ways.pol", "--target=seccomp", "--format=bpf", "--arch=" + std::string(name_of(arch)),
                         "--fidelity=none", "-o", "filter.bpf"});
  };
  Compiled compiled;
  e2e::Outcome outcome = run("");
  compiled.is_lost = outcome.err.find("[P5001]") != std::string::npos;
  if (compiled.is_lost) {
    static const std::regex call("`syscall ([a-z0-9_]+)"), accept("@accept\\(([a-z]+): seccomp");
    for (std::sregex_iterator at(outcome.err.begin(), outcome.err.end(), call), end; at != end; ++at)
      compiled.named.insert((*at)[1]);
    std::smatch verdict;
    if (std::regex_search(outcome.err, verdict, accept)) outcome = run(verdict[1].str());
  }
  compiled.filter = scratch.path("filter.bpf").string();
  if (outcome.status != 0) compiled.trouble = outcome.err;
  return compiled;
}

bool is_of(const Words& deny, const knowledge::Row& row) {
  if (deny[0] != row.access) return false;
  if (deny[1] == "*") return true;
  for (std::size_t at = 0; at <= deny[1].size();) {
    const std::size_t end = std::min(deny[1].find('|', at), deny[1].size());
    if (deny[1].substr(at, end - at) == row.of) return true;
    at = end + 1;
  }
  return false;
}

std::set<std::string> blind_calls(const Words& deny, Arch arch) {
  std::set<std::string> calls;
  for (const knowledge::Row* row : ways_on(arch))
    if (is_blind(*row) && is_of(deny, *row)) calls.emplace(row->call);
  // Of setgroups no list of one group is told from another, but a deny of all groups closes the call.
  for (const knowledge::Row* row : ways_on(arch))
    if (!is_blind(*row) && row->condition.empty() && is_of(deny, *row)) calls.erase(std::string(row->call));
  return calls;
}

}  // namespace polc::ways
