#include "target/ledger.hpp"

#include <algorithm>
#include <array>

#include "target/blind_allows.hpp"
#include "target/points.hpp"
#include "target/witness_words.hpp"

namespace polc::target {
namespace {

Standing standing_of(ir::Verdict verdict) {
  switch (verdict) {
    case ir::Verdict::exact: return Standing::exact;
    case ir::Verdict::wider: return Standing::wider;
    case ir::Verdict::unmediated: return Standing::unmediated;
    case ir::Verdict::narrower: return Standing::narrower;
    case ir::Verdict::refused: return Standing::refused;
  }
  return Standing::refused;
}

Standing standing(const ir::Rule& rule, const Finding& finding) {
  return is_brought(rule, finding) ? Standing::named : standing_of(finding.verdict);
}

// The inverse of the origins: of each rule the lines for what it names; where there are none, those for the calls that it needs.
std::vector<std::vector<unsigned>> lines_by_rule(const Printed& printed, const std::vector<eval::Part>& said, std::size_t rules) {
  std::array<std::vector<std::vector<unsigned>>, 2> lines{std::vector<std::vector<unsigned>>(rules), std::vector<std::vector<unsigned>>(rules)};
  for (unsigned number = 1; number <= printed.origins.size(); ++number) {
    const Origin& origin = printed.origins[number - 1];
    if (origin.kind != Origin::Kind::rules) continue;
    for (const std::uint32_t place : origin.from)
      for (const ir::RuleId rule : said[place].rules) {
        auto& of_rule = lines[said[place].implied ? 1 : 0][rule.value];
        if (of_rule.empty() || of_rule.back() != number) of_rule.push_back(number);
      }
  }
  for (std::size_t rule = 0; rule < rules; ++rule)
    if (lines[0][rule].empty()) lines[0][rule] = std::move(lines[1][rule]);
  return std::move(lines[0]);
}

class LedgerMaker {
 public:
  LedgerMaker(const ir::Policy& policy, const eval::Meaning& meaning, std::vector<LedgerEntry> targets)
      : policy_(policy), meaning_(meaning) {
    ledger_.policy = &policy;
    ledger_.meaning = &meaning;
    ledger_.targets = std::move(targets);
  }

  Ledger run() {
    std::vector<Judged> set;
    for (const LedgerEntry& entry : ledger_.targets) set.push_back(entry.judged);
    if (set.size() > 1) ledger_.combined = combine(policy_, meaning_, set);
    for (std::uint32_t i = 0; i < policy_.rules.size(); ++i)
      ledger_.rows.push_back({ir::RuleId{i}, std::vector<LedgerCell>(set.size()), Standing::exact, {}});
    add_findings();
    for (LedgerRow& row : ledger_.rows) stand(row);
    add_lines();
    return std::move(ledger_);
  }

 private:
  void add_findings() {
    for (std::size_t i = 0; i < ledger_.targets.size(); ++i)
      for (const Finding& finding : ledger_.targets[i].judged.outcome->findings)
        ledger_.rows[finding.rule.value].cells[i].findings.push_back(&finding);
    for (const SetFinding& finding : ledger_.combined.findings) ledger_.rows[finding.rule.value].open.push_back(&finding);
  }

  bool is_brought_open(const ir::Rule& rule, const SetFinding& finding) const {
    return finding.verdict == ir::Verdict::unmediated && !names_kind(rule, finding.witness);
  }

  // The worst of what the rule itself names; what it only brings along makes it `named`.
  void stand(LedgerRow& row) const {
    const ir::Rule& rule = policy_.rules[row.rule.value];
    for (const SetFinding* finding : row.open) {
      const Standing standing = is_brought_open(rule, *finding) ? Standing::named : standing_of(finding->verdict);
      row.whole = std::max(row.whole, standing);
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      LedgerCell& cell = row.cells[i];
      std::stable_sort(cell.findings.begin(), cell.findings.end(), [&](const Finding* a, const Finding* b) {
        return standing(rule, *a) > standing(rule, *b);
      });
      if (cell.findings.empty()) continue;
      cell.standing = standing(rule, *cell.findings.front());
      const bool is_closed = cell.standing == Standing::wider || cell.standing == Standing::unmediated;
      if (is_closed && row.cells.size() > 1 && !ledger_.combined.too_complex && row.whole < Standing::wider) delegate(row, i);
      if (cell.standing > Standing::unmediated || row.cells.size() == 1) row.whole = std::max(row.whole, cell.standing);
    }
  }

  // To the targets that refuse what shows it, or hold all that the rule names. If there is none, the set is no better.
  void delegate(LedgerRow& row, std::size_t from) const {
    const ir::Rule& rule = policy_.rules[row.rule.value];
    LedgerCell& cell = row.cells[from];
    // What a call does beyond the rule is nothing that the others were asked about.
    const bool opens_more = rule.effect == ir::Effect::allow && std::any_of(cell.findings.begin(), cell.findings.end(), [](const Finding* f) { return f->is_way; });
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (i == from) continue;
      const Judged& other = ledger_.targets[i].judged;
      const auto is_refused = [&](const Finding* f) { return f->is_way ? sees_act(row.rule, other) : f->witness && !eval::decide(other.outcome->permitted, *f->witness).allowed; };
      const auto is_held = [&](const Finding* f) { return standing(rule, *f) < Standing::wider; };
      if (std::any_of(cell.findings.begin(), cell.findings.end(), is_refused) ||
          (!opens_more && std::all_of(row.cells[i].findings.begin(), row.cells[i].findings.end(), is_held)))
        cell.delegated_to.push_back(i);
    }
    if (cell.delegated_to.empty()) row.whole = std::max(row.whole, cell.standing);
    else cell.standing = Standing::delegated;
  }

  bool sees_act(ir::RuleId rule, const Judged& target) const {
    const Permitting only[] = {{target.backend, &target.outcome->permitted}};
    sets::Budget budget;
    const bool is_deny = policy_.rules[rule.value].effect == ir::Effect::deny;
    if (is_deny) return blind_ways(policy_, policy_.rules[rule.value], meaning_, only, budget).empty();
    return !blind_allows(policy_, meaning_, only, budget).contains(rule);
  }

  void add_lines() {
    for (std::size_t i = 0; i < ledger_.targets.size(); ++i) {
      const LedgerEntry& entry = ledger_.targets[i];
      if (entry.printed == nullptr) continue;
      auto lines = lines_by_rule(*entry.printed, *entry.said, ledger_.rows.size());
      for (LedgerRow& row : ledger_.rows) row.cells[i].lines = std::move(lines[row.rule.value]);
    }
  }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  Ledger ledger_;
};

}  // namespace

std::string witness_of(const Ledger& ledger, const Finding& finding, std::size_t target) {
  return witness_words({*ledger.meaning, {&ledger.targets[target].judged.outcome->permitted}}, finding);
}

std::string witness_of(const Ledger& ledger, const SetFinding& finding) {
  Sides sides{*ledger.meaning, {}};
  for (const LedgerEntry& entry : ledger.targets) sides.targets.push_back(&entry.judged.outcome->permitted);
  return witness_words(sides, finding.witness, false);
}

bool is_brought(const ir::Rule& rule, const Finding& finding) {
  return finding.verdict == ir::Verdict::unmediated && finding.witness && !names_kind(rule, *finding.witness);
}

Ledger ledger_of(const ir::Policy& policy, const eval::Meaning& meaning, std::vector<LedgerEntry> targets) {
  return LedgerMaker(policy, meaning, std::move(targets)).run();
}

std::vector<Standing> counted_as(const ir::Rule& rule, std::span<const Finding* const> findings) {
  Standing open{}, closed{};
  for (const Finding* finding : findings) {
    const Standing one = standing(rule, *finding);
    Standing& side = one > Standing::unmediated ? closed : open;
    side = std::max(side, one);
  }
  if (closed == Standing::exact) return {open};
  return open < Standing::wider ? std::vector{closed} : std::vector{open, closed};
}

}  // namespace polc::target
