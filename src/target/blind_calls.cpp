#include "target/blind_calls.hpp"

#include <algorithm>
#include <map>
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

  /// Of the rows about a box, one of these that is open.
  std::optional<ir::Point> first_open(const ir::Box& box, std::span<const Row* const> rows) {
    const auto given = parameters_of(box, policy_.configuration.arch);
    for (const Row* row : rows)
      if (is_about(*row, box))
        if (auto point = open_at(*row, given)) return point;
    return std::nullopt;
  }

 private:
  // Thousands of rules ask about a few rows, of which most depend on nothing that a rule says.
  std::optional<ir::Point> open_at(const Row& row, std::span<const Parameter> given) {
    if (row.condition.find('$') != std::string_view::npos) return found_at(row, given);
    const auto known = open_.find(&row);
    return known != open_.end() ? known->second : open_.emplace(&row, found_at(row, given)).first->second;
  }

  std::optional<ir::Point> found_at(const Row& row, std::span<const Parameter> given) {
    const auto pattern = knowledge::pattern_of(row, policy_.configuration.os, policy_.configuration.arch, given);
    if (!pattern) return std::nullopt;
    ir::CallBox call{{pattern->call}, ir::condition_of(pattern->where)};
    return permitted_by_all({std::move(call)}, policy_.configuration.os, meaning_, targets_, budget_);
  }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  std::span<const Permitting> targets_;
  sets::Budget& budget_;
  std::map<const Row*, std::optional<ir::Point>> open_;
};

/// The ways out of the sight of each target that decides accesses.
std::vector<const Row*> unseen_rows(Os os, std::span<const Permitting> targets) {
  std::vector<const Row*> rows;
  for (const Row& row : knowledge::rows_of(os)) {
    const auto is_it = [&](const UnseenWay& way) { return way.access == row.access && way.call == row.call; };
    const auto is_unseen = [&](const Permitting& target) {
      const auto& unseen = target.backend->unseen_ways;
      return target.backend->asks_ways || std::any_of(unseen.begin(), unseen.end(), is_it);
    };
    if (knowledge::is_way(row.relation) && std::all_of(targets.begin(), targets.end(), is_unseen)) rows.push_back(&row);
  }
  return rows;
}

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

std::map<ir::RuleId, ir::Point> unseen_ways(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Permitting> targets,
                                            sets::Budget& budget) {
  std::map<ir::RuleId, ir::Point> ways;
  const auto decides_accesses = [](const Permitting& one) { return !one.backend->unseen_ways.empty(); };
  if (std::none_of(targets.begin(), targets.end(), decides_accesses)) return ways;
  const auto rows = unseen_rows(policy.configuration.os, targets);
  Finder finder(policy, meaning, targets, budget);
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
    if (policy.rules[i].effect != ir::Effect::deny) continue;
    for (const ir::Box& box : policy.rules[i].boxes)
      if (auto point = finder.first_open(box, rows)) ways.try_emplace(ir::RuleId{i}, *std::move(point));
  }
  return ways;
}

}  // namespace polc::target
