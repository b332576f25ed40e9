// The ledger for people: rules down, targets across, one symbol a cell, what the numbers beside them mean, and totals.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "format/raise.hpp"
#include "target/ledger.hpp"
#include "target/reactions.hpp"
#include "target/report.hpp"
#include "target/rule_text.hpp"
#include "target/witness_words.hpp"

namespace polc::target {
namespace {

struct Symbol {
  std::string_view mark, colour, what;  // the colour as a terminal's
};
constexpr std::array<Symbol, standing_names.size()> symbols{{
    {"=", "32", "exact"},
    {"~", "32", "exact in what it names; something that it brings along is not looked at"},
    {">", "36", "open here, closed by another target of the set"},
    {"+", "33", "wider: more is permitted"},
    {"o", "35", "unmediated: the target does not look"},
    {"-", "31", "narrower: less is permitted"},
    {"!", "31", "refused: nothing sound can be said"},
}};
const Symbol& symbol_of(Standing standing) { return symbols[static_cast<std::size_t>(standing)]; }

constexpr std::size_t widest_rule = 72;

// A long rule by its first bytes; never half a character.
std::string shortened(std::string text) {
  if (text.size() <= widest_rule) return text;
  std::size_t end = widest_rule - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// One line below the table, for all cells of a target that are not exact for one reason.
struct Note {
  std::size_t rules = 0;
  std::string text;
};

class Table {
 public:
  Table(const Ledger& ledger, const diag::SourceMap& sources, bool colour) : ledger_(ledger), sources_(sources), colour_(colour) {}

  std::string text() {
    std::string rows;
    make_cells();
    for (std::size_t i = 0; i < ledger_.rows.size(); ++i) rows += row(i);
    return head() + "\n" + columns() + rows + "\n" + legend() + notes() + totals();
  }

 private:
  bool is_set() const { return ledger_.targets.size() > 1; }
  std::string words(const ir::Point& point) const { return format::text_of(ledger_.policy->configuration.os, point); }

  std::string head() const {
    const ir::Configuration& configuration = ledger_.policy->configuration;
    std::string text = fmt::format("{} on {} {}", ledger_.policy->name, name_of(configuration.os), name_of(configuration.arch));
    if (!configuration.variants.empty()) text += fmt::format(" ({})", fmt::join(configuration.variants, ", "));
    return text + fmt::format(": {} rules\n", ledger_.rows.size());
  }

  // The same reason on the same target is one note; its number is that of its first cell from above.
  std::size_t note(std::size_t target, const Finding& finding) {
    const Backend& backend = *ledger_.targets[target].judged.backend;
    std::string text = fmt::format("{}: {}", backend.name, ir::name_of(finding.verdict));
    if (finding.accepted) text += fmt::format(", accepted ({})", ledger_.policy->accepts[*finding.accepted].reason);
    const std::string_view why = reason_words(backend, finding);
    text += fmt::format(": {} [{}]", why.empty() ? text_of(finding.because) : why, name_of(finding.because));
    const auto [found, is_new] = numbers_.try_emplace(text, notes_.size());
    if (is_new) {
      if (finding.witness)
        text += fmt::format("; e.g. it {} `{}`", finding.verdict == ir::Verdict::narrower ? "refuses" : "permits",
                            witness_of(ledger_, finding, target));
      notes_.push_back({0, std::move(text)});
    }
    ++notes_[found->second].rules;
    return found->second + 1;
  }

  std::size_t set_note(const SetFinding& finding) {
    std::string text = fmt::format("set: {}: every target of it permits `{}`", ir::name_of(finding.verdict), witness_of(ledger_, finding));
    const auto [found, is_new] = numbers_.try_emplace(text, notes_.size());
    if (is_new) notes_.push_back({0, std::move(text)});
    ++notes_[found->second].rules;
    return found->second + 1;
  }

  void make_cells() {
    for (const LedgerRow& row : ledger_.rows) {
      std::vector<std::pair<Standing, std::string>>& cells = cells_.emplace_back();
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        std::vector<std::size_t> numbers;
        for (const Finding* finding : row.cells[i].findings) numbers.push_back(note(i, *finding));
        cells.emplace_back(row.cells[i].standing, fmt::format("{}", fmt::join(numbers, ",")));
      }
      if (!is_set()) continue;
      std::vector<std::size_t> numbers;
      for (const SetFinding* finding : row.open) numbers.push_back(set_note(*finding));
      cells.emplace_back(row.whole, fmt::format("{}", fmt::join(numbers, ",")));
    }
    for (std::size_t i = 0; i < names().size(); ++i) {
      std::size_t width = names()[i].size();
      for (const auto& cells : cells_) width = std::max(width, 1 + cells[i].second.size());
      widths_.push_back(width);
    }
  }

  std::vector<std::string_view> names() const {
    std::vector<std::string_view> result;
    for (const LedgerEntry& entry : ledger_.targets) result.push_back(entry.judged.backend->name);
    if (is_set()) result.push_back("set");
    return result;
  }

  std::string columns() const {
    std::string text;
    for (std::size_t i = 0; i < widths_.size(); ++i) text += fmt::format("{:<{}}  ", names()[i], widths_[i]);
    return text + "rule\n";
  }

  std::string row(std::size_t place) const {
    std::string text;
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      const auto& [standing, numbers] = cells_[place][i];
      text += marked(standing) + fmt::format("{:<{}}  ", numbers, widths_[i] - 1);
    }
    const ir::Rule& rule = ledger_.policy->rules[place];
    return text + fmt::format("{}  {}\n", diag::place_of(sources_, rule.origin.front()), shortened(rule_text(rule, sources_)));
  }

  std::string marked(Standing standing) const {
    const Symbol& symbol = symbol_of(standing);
    return colour_ ? fmt::format("\033[{}m{}\033[0m", symbol.colour, symbol.mark) : std::string(symbol.mark);
  }

  // Only what occurs.
  std::string legend() const {
    std::array<bool, symbols.size()> seen{};
    for (const auto& cells : cells_)
      for (const auto& cell : cells) seen[static_cast<std::size_t>(cell.first)] = true;
    std::string text;
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (seen[i]) text += fmt::format("{}  {}\n", marked(static_cast<Standing>(i)), symbols[i].what);
    return text;
  }

  std::string notes() const {
    std::string text = notes_.empty() ? "" : "\n";
    for (std::size_t i = 0; i < notes_.size(); ++i)
      text += fmt::format("{:>3}  {}{}\n", i + 1, notes_[i].text, notes_[i].rules == 1 ? "" : fmt::format(" ({} rules)", notes_[i].rules));
    return text;
  }

  std::string totals() const {
    std::string text = "\n";
    for (std::size_t i = 0; i < names().size(); ++i) {
      std::array<std::size_t, symbols.size()> counts{};
      for (std::size_t row = 0; row < cells_.size(); ++row)
        for (const Standing standing : counted(row, i)) ++counts[static_cast<std::size_t>(standing)];
      std::vector<std::string> parts;
      for (std::size_t s = 0; s < counts.size(); ++s)
        if (counts[s] > 0) parts.push_back(fmt::format("{} {}", counts[s], standing_names[s]));
      text += fmt::format("{:<11} {}", names()[i], fmt::join(parts, ", "));
      text += (i < ledger_.targets.size() ? about(ledger_.targets[i]) : left_open()) + "\n";
      if (i < ledger_.targets.size()) text += reactions(*ledger_.targets[i].judged.backend);
    }
    if (ledger_.combined.too_complex) text += "set: too complex to be judged; nothing is known of it\n";
    return text;
  }

  std::vector<Standing> counted(std::size_t row, std::size_t column) const {
    const LedgerRow& one = ledger_.rows[row];
    const Standing standing = cells_[row][column].first;
    if (column >= one.cells.size() || standing <= Standing::unmediated) return {standing};
    return counted_as(ledger_.policy->rules[one.rule.value], one.cells[column].findings);
  }

  std::string left_open() const {
    std::vector<std::string> accesses;
    for (const ir::Point& point : ledger_.combined.open) accesses.push_back("`" + words(point) + "`");
    return accesses.empty() ? "; it permits nothing else" : fmt::format("; it leaves open, for example, {}", fmt::join(accesses, ", "));
  }

  std::string about(const LedgerEntry& entry) const {
    const Reported reported{ledger_.policy, entry.judged.backend, entry.judged.outcome, ledger_.meaning};
    const auto unseen = unseen_by(reported);
    std::string text = unseen.empty() ? "" : fmt::format("; it does not see {}", fmt::join(unseen, ", "));
    if (const auto raw = raw_words(reported); !raw.empty()) text += fmt::format("; raw text {}", fmt::join(raw, ", "));
    return entry.judged.emitted ? text : text + "; deployed beside the others";
  }

  std::string reactions(const Backend& backend) const {
    std::string text;
    for (const LostReaction& lost : lost_reactions(*ledger_.policy, backend))
      text += fmt::format("{:<11} otherwise than by `{}`: {} [{}]\n", "", fmt::join(lost.said, "`, `"), capability_of(backend, lost.because).why,
                          name_of(lost.because));
    return text;
  }

  const Ledger& ledger_;
  const diag::SourceMap& sources_;
  bool colour_;
  std::vector<std::vector<std::pair<Standing, std::string>>> cells_;  // by rule, then column
  std::vector<std::size_t> widths_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<Note> notes_;
};

}  // namespace

std::string table_of(std::span<const Ledger> ledgers, const diag::SourceMap& sources, bool colour) {
  std::string text;
  for (const Ledger& ledger : ledgers) text += (text.empty() ? "" : "\n") + Table(ledger, sources, colour).text();
  return text;
}

}  // namespace polc::target
