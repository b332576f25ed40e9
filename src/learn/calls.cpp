#include "learn/calls.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace polc::learn {
namespace {

constexpr std::size_t most_values = 16;
constexpr std::string_view call_word = "syscall ", where_word = " where ", and_word = " and ", equals = " == ";

// Classes whose members are listed behind their word, and what stands behind those.
constexpr std::array<std::string_view, 6> classes{"capability", "memory", "namespace", "time", "mount", "ipc"};

struct Call {
  std::map<std::string, std::vector<Place>> conditions;  // as written; empty: none
  std::vector<ir::Box> boxes;
  std::vector<Place> places;
};

// `level == A and optname == B` -> {"level == A", "optname", "B"}; `request == B` -> {"", "request", "B"}. nullopt: of another form.
struct LastTest {
  std::string before, name, value;
};
std::optional<LastTest> last_test(const std::string& condition) {
  const std::size_t joint = condition.rfind(and_word);
  const std::string before = joint == condition.npos ? "" : condition.substr(0, joint);
  const std::string test = joint == condition.npos ? condition : condition.substr(joint + and_word.size());
  const std::size_t at = test.find(equals);
  const auto is_plain = [](const std::string& text) { return text.find_first_of("()&!<>{}") == text.npos && text.find(" or ") == text.npos; };
  if (at == test.npos || !is_plain(before) || !is_plain(test)) return std::nullopt;
  return LastTest{before, test.substr(0, at), test.substr(at + equals.size())};
}

// The values of one argument as a set, where all else is the same.
std::vector<std::string> united_conditions(const std::map<std::string, std::vector<Place>>& conditions) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> of_name;
  std::vector<std::string> others;
  for (const auto& [condition, places] : conditions)
    if (const auto test = last_test(condition)) of_name[{test->before, test->name}].push_back(test->value);
    else others.push_back("(" + condition + ")");
  std::vector<std::string> all;
  for (const auto& [key, values] : of_name) {
    const std::string before = key.first.empty() ? "" : key.first + std::string(and_word);
    all.push_back(values.size() == 1 ? fmt::format("{}{} == {}", before, key.second, values.front())
                                     : fmt::format("{}{} in {{ {} }}", before, key.second, fmt::join(values, ", ")));
  }
  all.insert(all.end(), others.begin(), others.end());
  if (all.size() == 1 && others.size() == 1) all.front() = conditions.begin()->first;
  return all;
}

std::map<std::string, Call> calls_of(const std::vector<Seen>& seen) {
  std::map<std::string, Call> calls;
  for (const Seen& one : seen) {
    if (!is_call(one)) continue;
    const std::size_t where = one.access.find(where_word);
    const std::string names = one.access.substr(call_word.size(), where == one.access.npos ? where : where - call_word.size());
    Call& call = calls[names];
    call.conditions[where == one.access.npos ? "" : one.access.substr(where + where_word.size())] = one.places;
    for (const auto& [box, left_out] : one.boxes) call.boxes.push_back(box);
    call.places = joined(std::move(call.places), one.places);
  }
  return calls;
}

// G9: a call whose values are so many has no list of them.
bool drops_values(const std::string& name, const Call& call, RewriteContext& context) {
  if (call.conditions.size() <= most_values || !context.is_on("G9")) return false;
  std::vector<ir::Box> wide = call.boxes;
  for (ir::Box& box : wide)
    if (auto* one = std::get_if<ir::CallBox>(&box)) one->where = {};
  const Added added = context.prover.added(wide, call.boxes);
  if (added.is_dangerous) return false;
  context.log.push_back({"G9", "syscall " + name, call.conditions.size(), std::move(wide), call.boxes, added.example});
  return true;
}

template <class Box>
bool is_of(const Seen& seen) {
  return !seen.boxes.empty() && std::holds_alternative<Box>(seen.boxes.front().first);
}

}  // namespace

bool is_call(const Seen& seen) { return seen.access.starts_with(call_word); }

std::vector<Statement> call_statements(const std::vector<Seen>& seen, RewriteContext& context) {
  std::vector<Statement> statements;
  Statement plain;
  std::vector<std::string> names;
  for (const auto& [name, call] : calls_of(seen)) {
    if (call.conditions.contains("")) {
      names.push_back(name);
      plain.places = joined(std::move(plain.places), call.places);
    } else if (drops_values(name, call, context)) {
      statements.push_back({"syscall " + name, call.places, "G9", call.conditions.size()});
    } else {
      const auto conditions = united_conditions(call.conditions);
      for (const std::string& condition : conditions) statements.push_back({fmt::format("syscall {} where {}", name, condition), call.places});
    }
  }
  if (names.empty()) return statements;
  plain.access = fmt::format("syscall {}", fmt::join(names, ", "));
  statements.insert(statements.begin(), std::move(plain));
  return statements;
}

std::vector<Statement> process_statements(const std::vector<Seen>& seen) {
  std::map<std::pair<std::string, std::string>, std::pair<std::vector<std::string>, std::vector<Place>>> rows;
  for (const Seen& one : seen) {
    const bool is_file_or_net = is_of<ir::FileBox>(one) || is_of<ir::PairBox>(one) || is_of<ir::NetBox>(one);
    if (is_call(one) || is_file_or_net) continue;
    const std::size_t blank = one.access.find(' '), to = one.access.rfind(" to ");
    const std::string head = one.access.substr(0, blank);
    const bool is_peer = (head == "signal" || head == "ptrace") && to != one.access.npos;
    const bool is_class = std::ranges::find(classes, head) != classes.end();
    auto& [members, places] = rows[is_peer ? std::pair(head, one.access.substr(to)) : is_class ? std::pair(head, std::string()) : std::pair(one.access, std::string("="))];
    if (is_peer) members.push_back(one.access.substr(blank + 1, to - blank - 1));
    if (is_class) members.push_back(one.access.substr(blank + 1));
    places = joined(std::move(places), one.places);
  }
  std::vector<Statement> statements;
  for (auto& [key, row] : rows) {
    const std::string members = row.first.empty() ? "" : fmt::format(" {}", fmt::join(row.first, ", "));
    statements.push_back({key.first + members + (key.second == "=" ? "" : key.second), std::move(row.second)});
  }
  return statements;
}

}  // namespace polc::learn
