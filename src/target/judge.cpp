#include "target/judge.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diag/catalogue.hpp"
#include "eval/compare.hpp"
#include "eval/lookup.hpp"
#include "format/raise.hpp"
#include "target/blind_calls.hpp"
#include "target/blind_allows.hpp"
#include "target/combined.hpp"
#include "target/common_ways.hpp"
#include "target/limits.hpp"
#include "target/points.hpp"
#include "target/witness_words.hpp"

namespace polc::target {
namespace {

using Witnesses = std::map<ir::RuleId, ir::Point>;

// The deny rules of which the whole set permits something: first whether there is any at all, then each at an access of its
// own, so that none hides behind an equal one that is accepted.
Witnesses lost_by_all(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Judged> set, sets::Budget& budget) {
  Witnesses result;
  const SidesOfSet compared(policy.configuration, meaning, set);
  const auto& sides = compared.sides();
  const eval::Term lost{.in = compared.targets(), .denied = eval::side(0)};
  bool any = false;
  eval::compare(sides, std::span(&lost, 1), budget, [&](const ir::Point& point, eval::TermSet) {
    any = can_happen(policy.configuration, point);
    return !any;
  });
  if (!any) return result;

  eval::Lookup lookup(meaning);
  sets::Budget rest;
  const bool complete = eval::compare(sides, std::span(&lost, 1), rest, eval::Kinds::by_place, [&](const ir::Point& point, eval::TermSet) {
    if (!can_happen(policy.configuration, point)) return true;
    for (const std::uint32_t place : lookup.parts_at(point)) {
      const eval::Part& part = meaning.parts()[place];
      if (part.names_denied())
        for (const ir::RuleId rule : part.rules) result.try_emplace(rule, point);
    }
    return true;
  });
  if (!complete) budget = rest;
  return result;
}

constexpr std::size_t most_told = 8;

// The first of them, and how many more there are.
std::string listed(std::vector<std::string> all, std::size_t most) {
  const std::size_t more = all.size() - std::min(most, all.size());
  all.resize(all.size() - more);
  return fmt::format("`{}`{}", fmt::join(all, "`, `"), more == 0 ? "" : fmt::format(" and {} more", more));
}

bool denies_anything(const eval::Meaning& meaning) {
  return std::any_of(meaning.parts().begin(), meaning.parts().end(),
                     [](const eval::Part& part) { return part.effect == ir::Effect::deny; });
}

class Reporter {
 public:
  Reporter(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Judged> set, bool strict, diag::Sink& sink)
      : policy_(policy), meaning_(meaning), set_(set), strict_(strict), sink_(sink) {}

  void run() {
    for (const Judged& one : set_)
      if (one.outcome->too_complex) sink_.add(diag::too_complex, policy_.range, std::string(one.backend->name), one.outcome->too_complex);
    if (denies_anything(meaning_)) {
      Witnesses lost = lost_by_all(policy_, meaning_, set_, budget_);
      add_blind_ways(lost);
      report(lost);
    }
    if (strict_) combined_ = combine(policy_, meaning_, set_);
    if (budget_.exhausted || combined_.too_complex) {
      sink_.add(diag::too_complex, policy_.range, std::string("the set of targets"), std::max(budget_.shortage(), combined_.too_complex));
      return;
    }
    for (const LostLimit& lost : lost_limits(policy_, set_, budget_))
      if (acceptance_of(policy_, *lost.limit, set_) == nullptr) report(lost);
    for (const Judged& one : set_)
      if (one.emitted)
        for (const Finding& finding : one.outcome->findings)
          if (!finding.accepted) report(one, finding);
    for (const Judged& one : set_)
      if (one.emitted)
        for (const RawFinding& finding : one.outcome->raw_findings)
          if (!finding.accepted) report(one, finding);
    for (const SetFinding& left : combined_.findings)
      if (policy_.rules[left.rule.value].effect == ir::Effect::allow) report_open(left);
    if (strict_)
      for (const auto& [rule, way] : blind_allows(policy_, meaning_, targets(), budget_)) report_way(rule, way.point);
  }

 private:
  std::vector<Permitting> targets() const {
    std::vector<Permitting> all;
    for (const Judged& one : set_) all.push_back({one.backend, &one.outcome->permitted});
    return all;
  }

  void add_blind_ways(Witnesses& lost) {
    const std::vector<Permitting> targets = this->targets();
    const auto unseen = unseen_ways(policy_, meaning_, targets, budget_);
    for (std::uint32_t i = 0; i < policy_.rules.size(); ++i) {
      auto ways = blind_ways(policy_, policy_.rules[i], meaning_, targets, budget_);
      if (const auto way = unseen.find(ir::RuleId{i}); way != unseen.end()) ways.push_back({way->second, "no target looks at it"});
      if (ways.empty()) continue;
      lost.try_emplace(ir::RuleId{i}, ways.front().point);
      blind_ways_.emplace(ir::RuleId{i}, std::move(ways));
    }
  }

  // Those that are known are told even where the budget ended before all were.
  void report(const Witnesses& lost) {
    for (const Judged& one : set_) {
      if (!one.emitted) continue;
      for (const Finding& finding : one.outcome->findings) {
        const ir::Rule& rule = policy_.rules[finding.rule.value];
        if (rule.effect != ir::Effect::deny || !is_open(finding.verdict) || finding.accepted) continue;
        const auto found = lost.find(finding.rule);
        if (found == lost.end() || (finding.verdict == ir::Verdict::unmediated && is_accepted_where_seen(finding.rule))) continue;
        auto added = sink_.add(diag::deny_lost, rule.origin.front(), std::string(one.backend->name), lost_words(found->second));
        note_blind_ways(added, finding.rule);
        note_blind_calls(added, rule);
        explained(added, one, finding);
      }
    }
  }

  // Who accepts that the target which sees such accesses does not keep the deny need not accept it once more for those that do not.
  bool is_accepted_where_seen(ir::RuleId rule) const {
    return std::any_of(set_.begin(), set_.end(), [&](const Judged& one) {
      const auto& findings = one.outcome->findings;
      return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.rule == rule && f.verdict == ir::Verdict::wider && f.accepted; });
    });
  }

  // Why no argument tells, which rule allows it, and what else does it.
  void note_blind_ways(diag::Added& added, ir::RuleId rule) const {
    const auto known = blind_ways_.find(rule);
    if (known == blind_ways_.end()) return;
    const std::vector<BlindWay>& ways = known->second;
    if (!ways.front().why.empty()) added.note(fmt::format("no argument tells whether it does: {}", ways.front().why));
    for (const ir::RuleId allowing : eval::decide(meaning_, ways.front().point).rules)
      added.note(policy_.rules[allowing.value].origin.front(), fmt::format("`{}` is allowed here", words(ways.front().point)));
    std::vector<std::string> others;
    for (std::size_t i = 1; i < ways.size(); ++i) others.push_back(words(ways[i].point));
    if (!others.empty()) added.note("so may " + listed(std::move(others), most_told - 1));
  }

  // By which calls an access stays possible that the others would show.
  void note_blind_calls(diag::Added& added, const ir::Rule& rule) {
    std::vector<std::string> calls = blind_calls(policy_, rule, meaning_, targets(), budget_);
    if (!calls.empty()) added.note(fmt::format("it stays possible by {}: no argument tells", listed(std::move(calls), most_told)));
  }

  /// The set's witness of a lost deny, of which each target permits its own.
  std::string lost_words(const ir::Point& witness) const {
    Sides sides{meaning_, {}};
    for (const Judged& one : set_) sides.targets.push_back(&one.outcome->permitted);
    return witness_words(sides, witness, false);
  }

  void report(const LostLimit& lost) {
    std::vector<std::string> names;
    for (const Judged& one : set_) names.push_back(fmt::format("`{}`", one.backend->name));
    auto added = sink_.add(diag::limit_lost, lost.limit->range, fmt::format("{}", fmt::join(names, ", ")), words(lost.witness));
    for (const Judged& one : set_)
      if (one.emitted) added.note(fmt::format("{}: {}", one.backend->name, capability_of(*one.backend, Feature::limit).why));
    added.note(fmt::format("if that is meant, say so: @accept(unmediated: {}, \"why\")", set_.front().backend->name));
  }

  void report(const Judged& one, const RawFinding& finding) {
    const std::string name(one.backend->name);
    const diag::SourceRange at = policy_.raws[finding.raw].range;
    switch (finding.kind) {
      case RawFinding::Kind::opens: sink_.add(diag::raw_opens, at, name, words(*finding.witness)); break;
      case RawFinding::Kind::closes: sink_.add(diag::raw_closes, at, name, words(*finding.witness)); break;
      case RawFinding::Kind::replaces: sink_.add(diag::raw_replaces, at, name, finding.replaced, finding.by); break;
      case RawFinding::Kind::adds: break;
    }
  }

  void report(const Judged& one, const Finding& finding) {
    const ir::Rule& rule = policy_.rules[finding.rule.value];
    const std::string name(one.backend->name);
    if (finding.verdict == ir::Verdict::refused) {
      explained(sink_.add(diag::rule_refused, rule.origin.front(), name, std::string(text_of(finding.because))), one, finding);
    } else if (finding.verdict == ir::Verdict::narrower) {
      explained(sink_.add(diag::rule_narrowed, rule.origin.front(), name, witness_words({meaning_, {&one.outcome->permitted}}, finding)), one, finding);
    }
  }

  // Under --strict: what the whole set leaves open of an allow, on each target by whose doing it does. A lost deny is an
  // error anyway.
  void report_open(const SetFinding& left) {
    const ir::Rule& rule = policy_.rules[left.rule.value];
    for (const std::size_t place : left.on) {
      const Judged& one = set_[place];
      const auto& findings = one.outcome->findings;
      // Of its two verdicts the one that this is; what is accepted of the other says nothing.
      const auto is_it = [&](const Finding& f) { return f.rule == left.rule && f.verdict == left.verdict; };
      const auto is_like_it = [&](const Finding& f) { return f.rule == left.rule && is_open(f.verdict); };
      auto found = std::find_if(findings.begin(), findings.end(), is_it);
      if (found == findings.end()) found = std::find_if(findings.begin(), findings.end(), is_like_it);
      if (found != findings.end() && found->accepted) continue;
      const Finding finding{left.rule, left.verdict, found == findings.end() ? feature_of(left.witness) : found->because, left.witness, {}};
      explained(sink_.add(diag::wider_under_strict, rule.origin.front(), std::string(one.backend->name), lost_words(left.witness)), one, finding);
    }
  }

  // Nor by a call that one of them brings, and all permit.
  void report_way(ir::RuleId rule, const ir::Point& way) {
    for (const Judged& one : set_)
      for (const Finding& finding : one.outcome->findings)
        if (finding.rule == rule && finding.is_way && !finding.accepted)
          explained(sink_.add(diag::wider_under_strict, policy_.rules[rule.value].origin.front(), std::string(one.backend->name), words(way)), one, finding);
  }

  void explained(diag::Added added, const Judged& one, const Finding& finding) {
    const std::string_view why = reason_words(*one.backend, finding);
    if (!why.empty()) added.note(fmt::format("{}: {}", one.backend->name, why));
    if (finding.verdict != ir::Verdict::refused)
      added.note("if that is meant, say so: @accept(" + std::string(ir::name_of(finding.verdict)) + ": " +
                 std::string(one.backend->name) + ", \"why\")");
    if (const ir::Accept* other = accepted_otherwise(one, finding))
      added.note(other->range, "this accepts `" + std::string(ir::name_of(other->verdict)) + "`; the verdict is `" +
                                   std::string(ir::name_of(finding.verdict)) + "` now, by whether a line of the artefact opens it");
    const auto& origin = policy_.rules[finding.rule.value].origin;
    for (std::size_t i = 1; i < origin.size(); ++i) added.note(origin[i], "used here");
  }

  // Of the two words for what is open the one that the policy accepts, where it is not the verdict's and accepts nothing else.
  const ir::Accept* accepted_otherwise(const Judged& one, const Finding& finding) const {
    if (!is_open(finding.verdict)) return nullptr;
    for (const std::uint32_t place : policy_.rules[finding.rule.value].accepts) {
      const ir::Accept& accept = policy_.accepts[place];
      const auto uses_it = [&](const Finding& f) { return f.accepted == place; };
      const auto& findings = one.outcome->findings;
      if (accept.target == one.backend->name && is_open(accept.verdict) && accept.verdict != finding.verdict &&
          std::none_of(findings.begin(), findings.end(), uses_it))
        return &accept;
    }
    return nullptr;
  }

  std::string words(const ir::Point& point) const { return format::text_of(policy_.configuration.os, point); }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  std::span<const Judged> set_;
  bool strict_;
  diag::Sink& sink_;
  sets::Budget budget_;
  Combined combined_;  // under --strict
  std::map<ir::RuleId, std::vector<BlindWay>> blind_ways_;  // of the lost denies of acts
};

}  // namespace

void judge(const ir::Policy& policy, const eval::Meaning& meaning, std::span<const Judged> set, bool strict,
           diag::Sink& sink) {
  Reporter(policy, meaning, set, strict, sink).run();
}

void warn_of_unused_accepts(const ir::Policy& policy, std::span<const Judged> set, diag::Sink& sink) {
  for (std::uint32_t place = 0; place < policy.accepts.size(); ++place) {
    const ir::Accept& accept = policy.accepts[place];
    for (const Judged& one : set) {
      if (one.backend->name != accept.target || !one.emitted) continue;
      const auto& findings = one.outcome->findings;
      const auto is_it = [&](const auto& finding) { return finding.accepted == place; };
      const auto& raw_findings = one.outcome->raw_findings;
      const bool used = std::any_of(findings.begin(), findings.end(), is_it) || std::any_of(raw_findings.begin(), raw_findings.end(), is_it);
      const bool for_raw = std::any_of(policy.raws.begin(), policy.raws.end(), [&](const ir::Raw& raw) {
        return raw.target == accept.target && std::find(raw.accepts.begin(), raw.accepts.end(), place) != raw.accepts.end();
      });
      const bool for_limit = std::any_of(policy.limits.begin(), policy.limits.end(), [&](const ir::Limit& limit) {
        return !keeps_limits(*one.backend) && std::find(limit.accepts.begin(), limit.accepts.end(), place) != limit.accepts.end();
      });
      if (!used && !for_raw && !for_limit)
        sink.add(diag::accept_unused, accept.range, std::string(ir::name_of(accept.verdict)), accept.target);
    }
  }
}

}  // namespace polc::target
