#include "silence.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "target/points.hpp"

namespace polc::property {
namespace {

using Verdicts = std::initializer_list<ir::Verdict>;
constexpr Verdicts closing{ir::Verdict::narrower, ir::Verdict::refused};
constexpr Verdicts opening{ir::Verdict::wider, ir::Verdict::unmediated, ir::Verdict::refused};

class Told {
 public:
  explicit Told(const std::vector<target::Finding>& findings) {
    for (const target::Finding& finding : findings) told_.insert({finding.rule, finding.verdict});
  }
  bool holds(ir::RuleId rule, Verdicts verdicts) const {
    return std::any_of(verdicts.begin(), verdicts.end(), [&](ir::Verdict verdict) { return told_.contains({rule, verdict}); });
  }
  bool holds_any(const std::vector<ir::RuleId>& rules, Verdicts verdicts) const {
    return std::any_of(rules.begin(), rules.end(), [&](ir::RuleId rule) { return holds(rule, verdicts); });
  }
  bool holds_all(const std::vector<ir::RuleId>& rules, Verdicts verdicts) const {
    return std::all_of(rules.begin(), rules.end(), [&](ir::RuleId rule) { return holds(rule, verdicts); });
  }

 private:
  std::set<std::pair<ir::RuleId, ir::Verdict>> told_;
};

class Comparer {
 public:
  explicit Comparer(const driver::TargetResult& result)
      : result_(result), meaning_(*result.meaning), permitted_(result.enforced.outcome.permitted), told_(result.enforced.outcome.findings) {
    std::vector<eval::Part> unseen;
    for (const ir::Box& box : result.enforced.outcome.unseen) unseen.push_back({ir::Effect::allow, box, {}, false});
    unseen_ = eval::make_meaning(std::move(unseen), meaning_.os(), false);
  }

  Silence run() {
    const eval::Meaning kept = untold(ir::Effect::allow, closing), missed = untold(ir::Effect::deny, opening);
    const eval::Meaning* const sides[] = {&permitted_, &meaning_, &kept, &missed};
    const eval::Term terms[] = {{.in = eval::side(1) | eval::side(2), .out = eval::side(0)},
                                {.in = eval::side(0), .denied = eval::side(3)},
                                {.in = eval::side(0), .out = eval::side(1)}};
    sets::Budget budget;
    silence_.too_complex = !eval::compare(sides, terms, budget, eval::Kinds::by_place, [&](const ir::Point& point, eval::TermSet holding) {
      if (target::can_happen(result_.policy->configuration, point)) look_at(point, holding);
      return true;
    });
    return std::move(silence_);
  }

 private:
  /// What the rules of one effect say of which no such verdict is told. Denies are kept: what they take is no rule's any more.
  eval::Meaning untold(ir::Effect effect, Verdicts verdicts) const {
    std::vector<eval::Part> parts;
    for (const eval::Part& part : meaning_.parts())
      if (part.effect != effect ? part.effect == ir::Effect::deny : !told_.holds_all(part.rules, verdicts)) parts.push_back(part);
    return eval::make_meaning(std::move(parts), meaning_.os(), effect == ir::Effect::allow);
  }

  void look_at(const ir::Point& point, eval::TermSet holding) {
    if ((holding & 1u) != 0 && !is_taken(point)) add("no rule that allows it is told to be narrower", point);
    if ((holding & 2u) != 0) add("a rule that denies it is not told to be wider or unmediated", point);
    if ((holding & 4u) != 0 && !is_open(point)) add("what opens it is told nowhere", point);
  }

  /// By a deny that is told to take more than it says, or by raw text, which has findings of its own.
  bool is_taken(const ir::Point& point) const {
    const auto& raw = result_.enforced.outcome.raw_findings;
    const auto closes = [](const target::RawFinding& finding) { return finding.kind == target::RawFinding::Kind::closes; };
    if (is_by_raw_text(point) || std::any_of(raw.begin(), raw.end(), closes)) return true;
    const auto& parts = permitted_.parts();
    const auto places = eval::deciding_parts(permitted_, point);
    const bool by_line = std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
      return parts[place].effect == ir::Effect::deny && told_.holds_any(parts[place].rules, closing);
    });
    if (by_line) return true;
    const auto& gaps = result_.enforced.chosen.gaps;
    return std::any_of(gaps.begin(), gaps.end(), [&](const target::Gap& gap) {
      if (gap.verdict != ir::Verdict::narrower || gap.from == target::Gap::everybody || !ir::contains(gap.part, point)) return false;
      const eval::Part& part = (*result_.said)[gap.from];
      return part.effect == ir::Effect::deny && told_.holds_any(part.rules, closing);
    });
  }

  bool is_by_raw_text(const ir::Point& point) const {
    const auto& origins = result_.enforced.printed.origins;
    const auto places = eval::deciding_parts(permitted_, point);
    return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
      const unsigned line = permitted_.parts()[place].line;
      return line != 0 && origins.at(result_.enforced.printed.line_after_head(line) - 1).kind == target::Origin::Kind::raw;
    });
  }

  bool is_open(const ir::Point& point) const {
    if (is_by_raw_text(point)) return true;
    if (eval::decide(unseen_, point).allowed) return true;
    if (told_.holds_any(eval::decide(meaning_, point).rules, opening)) return true;
    const auto& parts = permitted_.parts();
    const auto places = eval::deciding_parts(permitted_, point);
    return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) { return told_.holds_any(parts[place].rules, opening); });
  }

  void add(std::string_view what, const ir::Point& point) {
    constexpr std::size_t enough = 5;
    if (silence_.faults.size() < enough)
      silence_.faults.push_back(fmt::format("`{}`: {}", format::text_of(result_.policy->configuration.os, point), what));
  }

  const driver::TargetResult& result_;
  const eval::Meaning& meaning_;
  const eval::Meaning& permitted_;
  Told told_;
  eval::Meaning unseen_;
  Silence silence_;
};

/// Is some part that decides it of no line of the policy's own rules? Only a reader that is the target's semantics knows.
bool is_without_line(const driver::TargetResult& result, const ir::Point& point) {
  const auto& origins = result.enforced.printed.origins;
  const eval::Meaning& permits = result.enforced.reading->permits;
  const auto places = eval::deciding_parts(permits, point);
  return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
    const unsigned line = permits.parts()[place].line;
    if (line == 0) return true;
    const target::Origin& origin = origins.at(result.enforced.printed.line_after_head(line) - 1);
    return origin.kind != target::Origin::Kind::rules || !origin.why.empty();
  });
}

bool is_true(const driver::TargetResult& result, const target::Finding& finding) {
  if (!finding.witness) return finding.verdict == ir::Verdict::refused;
  const ir::Point& point = *finding.witness;
  const bool meant = eval::decide(*result.meaning, point).allowed;
  const bool possible = eval::decide(result.enforced.outcome.permitted, point).allowed, sure = eval::surely_allows(result.enforced.outcome.permitted, point);
  if (result.enforced.reading != nullptr && target::permits(*result.enforced.reading, point) != possible) return false;
  if (finding.verdict == ir::Verdict::narrower) return meant && !sure;
  if (finding.verdict == ir::Verdict::unmediated && !is_without_line(result, point)) return false;
  return possible && meant == finding.is_way;
}

}  // namespace

Silence silent_differences(const driver::TargetResult& result) { return Comparer(result).run(); }

std::vector<std::string> false_witnesses(const driver::TargetResult& result) {
  std::vector<std::string> faults;
  for (const target::Finding& finding : result.enforced.outcome.findings)
    if (!is_true(result, finding))
      faults.push_back(fmt::format("rule {}, {}: `{}`", finding.rule.value, ir::name_of(finding.verdict),
                                   finding.witness ? format::text_of(result.policy->configuration.os, *finding.witness) : "nothing"));
  return faults;
}

}  // namespace polc::property
