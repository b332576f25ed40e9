// The ledger: for each rule and each target of one policy in one configuration what the artefact enforces, why not more, by
// which access that shows, and in which of its lines; and the same of the whole set of targets.
//   const Ledger ledger = ledger_of(policy, meaning, entries);    table_of({&ledger, 1}, sources, false)
// docs/fidelity.md describes both forms. Nothing here judges: the verdicts are enforce's, the lines those of the origins.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/source.hpp"
#include "target/combined.hpp"

namespace polc::target {

/// One target of the set.
struct LedgerEntry {
  Judged judged;
  const Settings* settings = nullptr;
  /// What was printed, and the parts that its origins name (Source::parts). Null: nothing is written, or one artefact of several
  /// policies; then no lines are told.
  const Printed* printed = nullptr;
  const std::vector<eval::Part>* said = nullptr;
};

/// What a rule amounts to on a target or on the set, in one word.
enum class Standing : std::uint8_t {
  exact,      // target and policy agree on everything that the rule touches
  named,      // on everything that it names; of what it brings along (stat, calls) the target does not look at some
  delegated,  // open here, and closed by another target of the set
  wider, unmediated, narrower, refused
};
inline constexpr std::array<std::string_view, 7> standing_names{"exact",      "named",    "delegated", "wider",
                                                                "unmediated", "narrower", "refused"};
constexpr std::string_view name_of(Standing s) { return standing_names[static_cast<std::size_t>(s)]; }

struct LedgerCell {
  Standing standing{};
  std::vector<const Finding*> findings;   // what is not exact, the worst first
  std::vector<std::size_t> delegated_to;  // places of targets, where the standing is `delegated`
  std::vector<unsigned> lines;            // of the artefact, that are there for this rule; none: not known
};
struct LedgerRow {
  ir::RuleId rule;
  std::vector<LedgerCell> cells;  // by target
  Standing whole{};               // of the set
  std::vector<const SetFinding*> open;
};
struct Ledger {
  const ir::Policy* policy = nullptr;
  const eval::Meaning* meaning = nullptr;
  std::vector<LedgerEntry> targets;
  std::vector<LedgerRow> rows;  // by rule
  Combined combined;            // of the set; empty for a single target
};

/// The words of what a finding shows, on the target of that place.
std::string witness_of(const Ledger& ledger, const Finding& finding, std::size_t target);
/// The same of what the whole set permits.
std::string witness_of(const Ledger& ledger, const SetFinding& finding);

/// The policy, its meaning and what the entries point to must outlive the ledger.
Ledger ledger_of(const ir::Policy& policy, const eval::Meaning& meaning, std::vector<LedgerEntry> targets);

/// Is the finding about something that the rule does not name, but brings along or needs?
bool is_brought(const ir::Rule& rule, const Finding& finding);

/// What a rule of these findings is counted as: on one side it may permit more than it says, and on another less.
std::vector<Standing> counted_as(const ir::Rule& rule, std::span<const Finding* const> findings);

std::string table_of(std::span<const Ledger> ledgers, const diag::SourceMap& sources, bool colour);
std::string json_of(std::span<const Ledger> ledgers, const diag::SourceMap& sources);

}  // namespace polc::target
