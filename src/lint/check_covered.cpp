// A rule that another one says already, word for word or as part of more. Without implied accesses: only then does nothing
// change when the rule goes.
#include <algorithm>

#include <fmt/format.h>

#include "diag/lint_catalogue.hpp"
#include "eval/inside.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

// Of so many rules that hold a first access of the rule, one may hold all: for thousands of rules about one thing.
constexpr std::size_t asked_at_most = 16;

class Covered {
 public:
  explicit Covered(const Subject& subject) : subject_(subject) {}

  void judge(ir::RuleId id) {
    const ir::Rule& rule = rule_of(id);
    const auto points = rule.boxes.empty() ? std::vector<ir::Point>{} : eval::points_inside(rule.boxes.front());
    if (points.empty()) return;
    const eval::Meaning all = set_of(rule);
    std::size_t asked = 0;
    for (const ir::RuleId other : holding(points.front(), rule.effect)) {
      if (other == id || rule_of(other).origin.front() == rule.origin.front()) continue;
      if (++asked > asked_at_most) return;
      if (!is_within(rule, all, rule_of(other))) continue;
      // Of two that say the same, the later one.
      if (is_within(rule_of(other), set_of(rule_of(other)), rule) && rule.origin < rule_of(other).origin) continue;
      return report(rule, points.front(), rule_of(other));
    }
  }

 private:
  const ir::Rule& rule_of(ir::RuleId id) const { return subject_.policy.rules[id.value]; }
  eval::Meaning set_of(const ir::Rule& rule) const { return ask::set_of(rule.boxes, subject_.os()); }

  std::vector<ir::RuleId> holding(const ir::Point& point, ir::Effect effect) const {
    std::vector<ir::RuleId> rules;
    for (const std::uint32_t place : eval::parts_at(subject_.meaning, point)) {
      const eval::Part& part = subject_.meaning.parts()[place];
      if (!part.implied && part.effect == effect) rules.insert(rules.end(), part.rules.begin(), part.rules.end());
    }
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    return rules;
  }

  bool is_within(const ir::Rule& rule, const eval::Meaning& all, const ir::Rule& other) const {
    return subject_.everywhere.is_in_force_with(other.origin, rule.origin) && !ask::missing(all, set_of(other), subject_.budget);
  }

  void report(const ir::Rule& rule, const ir::Point& access, const ir::Rule& other) const {
    diag::Sink one;
    auto added = add_at(one, diag::covered_rule, rule, fmt::format("{} {}", name_of(rule.effect), subject_.text_of(access)));
    added.note(other.origin.front(), "here");
    if (rule.origin.size() == 1) added.fix(subject_.everywhere.statement_of(rule.origin), "");
    subject_.everywhere.found(rule.origin, one.all().front());
  }

  const Subject& subject_;
};

}  // namespace

void find_covered_rules(const Subject& subject) {
  Covered covered(subject);
  for (std::uint32_t i = 0; i < subject.policy.rules.size(); ++i)
    if (subject.everywhere.is_judged(subject.policy.rules[i].origin)) covered.judge(ir::RuleId{i});
}

}  // namespace polc::lint
