#include "target/combined.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "eval/compare.hpp"
#include "eval/implications.hpp"
#include "eval/inside.hpp"
#include "target/blind_calls.hpp"
#include "target/common_ways.hpp"
#include "target/points.hpp"

namespace polc::target {
namespace {

using Rules = std::vector<ir::RuleId>;

Rules united(Rules rules) {
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  return rules;
}

// The target does not look: no line and no rule of ours stands behind the part.
bool is_blind(const eval::Part& part) { return part.line == 0 && part.rules.empty(); }

// Of one target: which rules it leaves open, and what it does not look at.
class Blame {
 public:
  Blame(const Outcome& outcome, std::size_t rules)
      : outcome_(outcome), open_(rules, false), told_(outcome.permitted.parts().size(), false) {
    for (const Finding& finding : outcome.findings)
      if (is_open(finding.verdict)) open_[finding.rule.value] = true;
  }

  std::vector<std::uint32_t> parts_at(const ir::Point& point) const { return eval::parts_at(outcome_.permitted, point); }

  bool permits(const ir::Point& point) const { return eval::decide(outcome_.permitted, point).allowed; }

  bool is_blind_to(const std::vector<std::uint32_t>& places) const {
    const auto& parts = outcome_.permitted.parts();
    return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) { return is_blind(parts[place]); });
  }

  /// The rules behind an access that the policy does not allow. `named`: the allow rules whose own words name it, under a
  /// deny; `denied`: the denies that do. Thousands of rules may bring one part; once all of them are told, they are not again.
  Rules rules_at(const std::vector<std::uint32_t>& places, const Rules& named, const Rules& denied) {
    Rules blamed, all = denied;
    bool any = false;
    for (const std::uint32_t place : places) {
      const eval::Part& part = outcome_.permitted.parts()[place];
      if (part.effect == ir::Effect::deny) continue;
      any |= told_[place];
      if (told_[place]) continue;
      told_[place] = add_open(part.rules, named, blamed);
      all.insert(all.end(), part.rules.begin(), part.rules.end());
    }
    add_open(denied, {}, blamed);
    return any || !blamed.empty() ? blamed : all;
  }

 private:
  // True: none of them was left out for its name, and some are open.
  bool add_open(const Rules& rules, const Rules& named, Rules& out) const {
    bool all = true, some = false;
    for (const ir::RuleId rule : rules) {
      if (!open_[rule.value]) continue;
      const bool is_named = std::binary_search(named.begin(), named.end(), rule);
      if (!is_named) out.push_back(rule);
      all &= !is_named;
      some |= !is_named;
    }
    return all && some;
  }

  const Outcome& outcome_;
  std::vector<bool> open_;  // by rule
  std::vector<bool> told_;  // by part
};

bool denies(const eval::Meaning& meaning) {
  return std::any_of(meaning.parts().begin(), meaning.parts().end(), [](const eval::Part& part) { return part.effect == ir::Effect::deny; });
}

class Combiner {
 public:
  Combiner(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Judged> set)
      : policy_(policy), meaning_(meaning), denies_(denies(meaning)), set_(set) {
    for (const Judged& one : set) targets_.emplace_back(*one.outcome, policy.rules.size());
    for (std::uint32_t i = 0; i < policy.rules.size(); ++i)
      for (const ir::Box& box : policy.rules[i].boxes) {
        add_blind(ir::RuleId{i}, box);
        if (policy.rules[i].effect == ir::Effect::deny) continue;
        for (const ir::Box& brought : eval::brought_by(box)) add_blind(ir::RuleId{i}, brought);
      }
  }

  Combined run() {
    const SidesOfSet compared(policy_.configuration, meaning_, set_);
    const auto& sides = compared.sides();
    const eval::Term open{.in = compared.targets(), .out = eval::side(0)};
    Combined result;
    bool has_own = false;  // some path is open by the doing of rules that are met at paths of their own
    sets::Budget budget, rest;
    const auto visit = [&](const ir::Point& point, eval::TermSet) {
      if (!can_happen(policy_.configuration, point)) return true;
      if (is_first(point)) result.open.push_back(point);
      has_own |= lay(point) && has_path(point);
      return true;
    };
    eval::compare(sides, std::span(&open, 1), budget, visit);
    result.too_complex = budget.shortage();
    // Each of them, then: that takes longer.
    if (has_own && !result.too_complex) {
      eval::compare_paths(sides, std::span(&open, 1), rest, eval::Kinds::by_place, visit);
      result.too_complex = rest.shortage();
    }
    add_unseen_ways();
    for (auto& [key, finding] : found_) result.findings.push_back(std::move(finding));
    return result;
  }

 private:
  // What targets of accesses refuse is done by a call that they are not asked about, and that targets of calls permit.
  void add_unseen_ways() {
    std::vector<Permitting> all;
    for (const Judged& one : set_) all.push_back({one.backend, &one.outcome->permitted});
    sets::Budget budget;
    for (const auto& [rule, way] : unseen_ways(policy_, meaning_, all, budget))
      for (std::size_t target = 0; target < set_.size(); ++target) note(rule, ir::Verdict::wider, way, target);
  }

  bool is_first(const ir::Point& point) {
    bool& seen = is_open_[static_cast<std::size_t>(ir::class_of(point))];
    return !std::exchange(seen, true);
  }

  static bool has_path(const ir::Point& point) {
    const auto* net = std::get_if<ir::NetPoint>(&point);
    return point.index() < 2 || (net != nullptr && net->family == Family::unix_family);
  }

  // A rule is unmediated when no target looks at what it names or brings along: told by an access of each of its kinds. What a
  // target refuses it does see, if only by one of several things that it takes: the file of a socket, say.
  void add_blind(ir::RuleId rule, const ir::Box& box) {
    for (const ir::Box& one : eval::single_verbs(box))
      for (const ir::Point& point : eval::points_inside(one)) {
        if (!can_happen(policy_.configuration, point)) continue;
        const auto is_blind = [&](const Blame& target) { return target.permits(point) && target.is_blind_to(target.parts_at(point)); };
        if (std::all_of(targets_.begin(), targets_.end(), is_blind)) blind_[kind_of(point)].push_back(rule);
        else if (policy_.rules[rule.value].effect == ir::Effect::deny) is_deny_seen_ |= has_path(point);
        break;
      }
  }

  // What is open is allowed by no rule; one can only name it under a deny.
  std::pair<Rules, Rules> rules_naming(const ir::Point& point) const {
    Rules named, denied;
    for (const std::uint32_t place : eval::parts_at(meaning_, point)) {
      const eval::Part& part = meaning_.parts()[place];
      const bool is_allow = part.effect == ir::Effect::allow;
      if (!is_allow && !part.names_denied()) continue;
      Rules& rules = is_allow ? named : denied;
      rules.insert(rules.end(), part.rules.begin(), part.rules.end());
    }
    return {united(std::move(named)), united(std::move(denied))};
  }

  // At whose door does it lie? False: no target looks at such accesses, so that one stands for all of its kind.
  bool lay(const ir::Point& point) {
    const auto [named, denied] = denies_ ? rules_naming(point) : std::pair<Rules, Rules>();
    bool is_seen = false;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const auto places = targets_[i].parts_at(point);
      if (targets_[i].is_blind_to(places)) continue;
      is_seen = true;
      for (const ir::RuleId rule : targets_[i].rules_at(places, named, denied)) note(rule, ir::Verdict::wider, point, i);
    }
    if (is_seen) return true;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      for (const ir::RuleId rule : denied) note(rule, ir::Verdict::unmediated, point, i);
      if (is_told_[kind_of(point)]) continue;
      for (const ir::RuleId rule : blind_[kind_of(point)]) note(rule, ir::Verdict::unmediated, point, i);
    }
    is_told_[kind_of(point)] = true;
    return is_deny_seen_ && !denied.empty();
  }

  void note(ir::RuleId rule, ir::Verdict verdict, const ir::Point& witness, std::size_t target) {
    auto& on = found_.try_emplace({rule, verdict}, SetFinding{rule, verdict, witness, {}}).first->second.on;
    if (std::find(on.begin(), on.end(), target) == on.end()) on.push_back(target);
  }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  bool denies_;  // does the policy deny anything?
  std::span<const Judged> set_;
  std::vector<Blame> targets_;
  std::map<PointKind, Rules> blind_;  // the rules of which no target sees the accesses of this kind
  std::map<PointKind, bool> is_told_;
  bool is_deny_seen_ = false;  // some target looks at paths that a deny names: it is not told by its kind
  std::array<bool, ir::access_class_names.size()> is_open_{};
  std::map<std::pair<ir::RuleId, ir::Verdict>, SetFinding> found_;
};

}  // namespace

Combined combine(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Judged> set) {
  return Combiner(policy, meaning, set).run();
}

}  // namespace polc::target
