#include "target/blind_calls.hpp"

#include <algorithm>

#include "eval/compare.hpp"
#include "eval/rule_parameters.hpp"
#include "knowledge/relation.hpp"
#include "support/overloaded.hpp"

namespace polc::target {
namespace {

using knowledge::Parameter;
using knowledge::Relation;
using knowledge::Row;

// ---- the rows that are about what a rule names

bool is_about(const Row& row, FileVerbs verbs, FileTypes types) {
  return !row.verbs.empty() && verbs.includes(row.verbs) && !(row.types & types).empty();
}

bool is_about(const Row& row, const ir::NetBox& box) {
  constexpr std::uint64_t sctp = 132;
  bool has_verb = false;
  box.verbs.for_each([&](NetVerb verb) { has_verb = has_verb || row.access == name_of(verb); });
  if (!has_verb || row.of.empty()) return has_verb;
  const bool is_internet = box.family == Family::inet || box.family == Family::inet6;
  if (row.of == "port 0") return is_internet && box.ports.contains(0);
  if (row.of == "sctp") return is_internet && box.protocols.contains(sctp);
  return is_internet && box.types.contains(SocketType::stream);
}

bool is_about(const Row& row, const ir::PeerBox& box) {
  if (box.kind == ir::PeerKind::signal) return row.access == "signal";
  const std::uint64_t right = row.of == "read" ? ir::ptrace_read : ir::ptrace_trace;
  return row.access == "ptrace" && (box.what & right) != 0;
}

bool is_about(const Row& row, const ir::Box& box) {
  return std::visit(Overloaded{
                        [&](const ir::FileBox& file) { return is_about(row, file.verbs, file.types); },
                        [&](const ir::PairBox& pair) { return is_about(row, pair.verbs, pair.types); },
                        [&](const ir::NetBox& net) { return is_about(row, net); },
                        [&](const ir::PeerBox& peer) { return is_about(row, peer); },
                        [&](const ir::IdentityBox& identity) {
                          if (row.access != (identity.kind == ir::IdentityKind::user ? "setuid" : "setgid"))
                            return false;
                          return row.of.empty() || (row.of == "all") == identity.ids.is_all();
                        },
                        [](const ir::CallBox&) { return false; },
                        [](const ir::CapabilityBox&) { return false; },
                    },
                    box);
}

/// What the box gives the rows' parameters; all, for those that it has no word on.
std::vector<Parameter> parameters_of(const ir::Box& box, Arch arch) {
  constexpr std::uint32_t keep = 0xFFFF'FFFF;  // changes nothing
  ir::FileBox file;
  sets::NumberSet ids = sets::NumberSet::all();
  std::uint64_t signals = ~std::uint64_t{0};
  if (const auto* named = std::get_if<ir::FileBox>(&box)) file = *named;
  if (const auto* named = std::get_if<ir::IdentityBox>(&box)) ids = eval::ids_of(*named, true);
  if (const auto* named = std::get_if<ir::PeerBox>(&box)) signals = named->what;
  return {eval::mode_parameter(file.mode), eval::request_parameter(file.requests),
          eval::id_parameter(ids - sets::NumberSet::of(keep)), eval::signal_parameter(signals, arch)};
}

/// How a row reads in a policy.
std::string text_of(const Row& row) {
  const std::string call = "syscall " + std::string(row.call);
  return row.condition.empty() ? call : call + " where " + std::string(row.condition);
}

class Finder {
 public:
  Finder(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Permitting> targets,
         sets::Budget& budget)
      : policy_(policy), meaning_(meaning), targets_(targets), budget_(budget) {}

  /// Of the rows about a box; false: one that arguments tell is open.
  bool add(const ir::Box& box, std::vector<std::string>& ways) {
    const auto given = parameters_of(box, policy_.configuration.arch);
    for (const Row& row : knowledge::rows_of(policy_.configuration.os)) {
      if (!knowledge::is_way(row.relation) || !is_about(row, box) || !is_open(row, given)) continue;
      if (row.relation != Relation::blind) return false;
      if (std::find(ways.begin(), ways.end(), text_of(row)) == ways.end()) ways.push_back(text_of(row));
    }
    return true;
  }

 private:
  bool is_open(const Row& row, std::span<const Parameter> given) {
    const auto pattern = knowledge::pattern_of(row, policy_.configuration.os, policy_.configuration.arch, given);
    if (!pattern) return false;
    const ir::CallBox call{{pattern->call}, ir::condition_of(pattern->where)};
    const eval::Meaning way =
        eval::make_meaning({{ir::Effect::allow, call, {}, false}}, policy_.configuration.os, false);
    std::vector<const eval::Meaning*> sides{&way, &meaning_};
    for (const Permitting& target : targets_) sides.push_back(target.permits);
    eval::Term all;
    for (unsigned i = 0; i < sides.size(); ++i) all.in |= eval::side(i);
    return eval::find_access(sides, all, budget_).has_value();
  }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  std::span<const Permitting> targets_;
  sets::Budget& budget_;
};

}  // namespace

std::vector<std::string> blind_calls(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                     std::span<const Permitting> targets, sets::Budget& budget) {
  std::vector<std::string> ways;
  const bool sees_calls =
      std::any_of(targets.begin(), targets.end(), [](const Permitting& one) { return one.backend->asks_ways; });
  if (!sees_calls || !rule.acts.empty()) return ways;
  Finder finder(policy, meaning, targets, budget);
  for (const ir::Box& box : rule.boxes)
    if (!finder.add(box, ways)) return {};
  return ways;
}

}  // namespace polc::target
