#include "target/blind_allows.hpp"

#include <algorithm>

#include "eval/brought_calls.hpp"
#include "eval/compare.hpp"
#include "ir/conditions.hpp"
#include "knowledge/relation.hpp"

namespace polc::target {
namespace {

using knowledge::Relation;
using knowledge::Row;

class Finder {
 public:
  Finder(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Permitting> targets, sets::Budget& budget)
      : policy_(policy), meaning_(meaning), targets_(targets), budget_(budget) {}

  std::map<ir::RuleId, BlindWay> run() {
    for (const Row& row : knowledge::rows_of(os()))
      if (row.relation == Relation::blind && is_act(row)) see(row);
    return std::move(found_);
  }

 private:
  // Accesses that a call's arguments do not tell are no news of a target of calls: it does not look at them.
  static bool is_act(const Row& row) {
    constexpr std::string_view acts[] = {"socket", "socketpair", "fork", "thread", "memory", "namespace", "time", "mount", "ipc"};
    return std::find(std::begin(acts), std::end(acts), row.access) != std::end(acts);
  }

  void see(const Row& row) {
    const auto pattern = knowledge::pattern_of(row, os(), arch(), {});
    if (!pattern) return;
    std::vector<const eval::Part*> brought;
    for (const eval::Part& part : meaning_.parts()) {
      const auto* box = std::get_if<ir::CallBox>(&part.box);
      if (box == nullptr || part.effect != ir::Effect::allow || !std::binary_search(box->calls.begin(), box->calls.end(), pattern->call)) continue;
      if (eval::names_calls(policy_, part)) return;  // all that the call may do is allowed with it
      brought.push_back(&part);
    }
    for (const eval::Part* part : brought) {
      const ir::Condition& where = std::get<ir::CallBox>(part->box).where;
      ir::CallBox both{{pattern->call}, ir::all_of({where, ir::condition_of(pattern->where)})};
      const auto point = permitted_by_all({std::move(both)}, os(), meaning_, targets_, budget_);
      if (!point || is_allowed(row) || is_seen(row)) continue;
      for (const ir::RuleId rule : part->rules) found_.try_emplace(rule, BlindWay{*point, row.note});
    }
  }

  // The policy allows the whole act: in its own words, or each call that tells.
  bool is_allowed(const Row& row) {
    const auto is_it = [&](const ir::Act& act) { return act.name == row.access && act.member == row.of && act.name != "socket"; };
    const auto allows_it = [&](const ir::Rule& rule) {
      return rule.effect == ir::Effect::allow && std::any_of(rule.acts.begin(), rule.acts.end(), is_it);
    };
    return std::any_of(policy_.rules.begin(), policy_.rules.end(), allows_it) || !is_beyond(row, meaning_);
  }

  bool is_seen(const Row& row) {
    return std::any_of(targets_.begin(), targets_.end(), [&](const Permitting& target) {
      const auto& seen = target.backend->sees_acts;
      const auto is_it = [&](const SeenAct& one) { return one.act == row.access && (one.member.empty() || one.member == row.of); };
      return std::any_of(seen.begin(), seen.end(), is_it) && is_beyond(row, *target.permits);
    });
  }

  // Do calls whose arguments tell go beyond the set?
  bool is_beyond(const Row& row, const eval::Meaning& set) {
    std::vector<ir::Box> telling;
    const auto add = [&](const knowledge::CallPattern& pattern) {
      telling.emplace_back(ir::CallBox{{pattern.call}, ir::condition_of(pattern.where)});
    };
    if (row.access == "socket") add(knowledge::socket_call(os(), arch()));
    else
      for (const auto& pattern : knowledge::patterns_of(knowledge::find_rows(os(), Relation::sure, row.access, row.of), os(), arch(), {})) add(pattern);
    const eval::Meaning all = eval::set_of(std::move(telling), os());
    const eval::Meaning* const sides[] = {&all, &set};
    return eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget_).has_value();
  }

  Os os() const { return policy_.configuration.os; }
  Arch arch() const { return policy_.configuration.arch; }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  std::span<const Permitting> targets_;
  sets::Budget& budget_;
  std::map<ir::RuleId, BlindWay> found_;
};

}  // namespace

std::map<ir::RuleId, BlindWay> blind_allows(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Permitting> targets,
                                            sets::Budget& budget) {
  return Finder(policy, meaning, targets, budget).run();
}

}  // namespace polc::target
