#include "target/blind_calls.hpp"

#include <algorithm>
#include <optional>

#include "eval/compare.hpp"
#include "eval/rule_parameters.hpp"
#include "knowledge/relation.hpp"
#include "target/ways.hpp"

namespace polc::target {
namespace {

using knowledge::Parameter;
using knowledge::Relation;
using knowledge::Row;

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
      if (!knowledge::is_way(row.relation) || !is_about(row, box) || !open_at(row, given)) continue;
      if (row.relation != Relation::blind) return false;
      if (std::find(ways.begin(), ways.end(), text_of(row)) == ways.end()) ways.push_back(text_of(row));
    }
    return true;
  }

  std::optional<ir::Point> unseen(const ir::Box& box) {
    const auto given = parameters_of(box, policy_.configuration.arch);
    for (const Row& row : knowledge::rows_of(policy_.configuration.os))
      if (knowledge::is_way(row.relation) && nobody_sees(row) && is_about(row, box))
        if (auto point = open_at(row, given)) return point;
    return std::nullopt;
  }

 private:
  bool nobody_sees(const Row& row) const {
    return std::all_of(targets_.begin(), targets_.end(), [&](const Permitting& target) {
      const auto is_it = [&](const UnseenWay& way) { return way.access == row.access && way.call == row.call; };
      const auto& unseen = target.backend->unseen_ways;
      return target.backend->asks_ways || std::any_of(unseen.begin(), unseen.end(), is_it);
    });
  }

  std::optional<ir::Point> open_at(const Row& row, std::span<const Parameter> given) {
    const auto pattern = knowledge::pattern_of(row, policy_.configuration.os, policy_.configuration.arch, given);
    if (!pattern) return std::nullopt;
    ir::CallBox call{{pattern->call}, ir::condition_of(pattern->where)};
    return permitted_by_all({std::move(call)}, policy_.configuration.os, meaning_, targets_, budget_);
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

std::optional<ir::Point> unseen_way(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                    std::span<const Permitting> targets, sets::Budget& budget) {
  const auto decides_accesses = [](const Permitting& one) { return !one.backend->unseen_ways.empty(); };
  if (rule.effect != ir::Effect::deny || std::none_of(targets.begin(), targets.end(), decides_accesses)) return std::nullopt;
  Finder finder(policy, meaning, targets, budget);
  for (const ir::Box& box : rule.boxes)
    if (auto point = finder.unseen(box)) return point;
  return std::nullopt;
}

}  // namespace polc::target
