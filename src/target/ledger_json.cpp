// The ledger for programs; docs/fidelity.md describes it.
#include <nlohmann/json.hpp>

#include "format/raise.hpp"
#include "support/lines.hpp"
#include "target/ledger.hpp"
#include "target/reactions.hpp"
#include "target/report.hpp"
#include "target/rule_text.hpp"
#include "target/witness_words.hpp"

namespace polc::target {
namespace {

using Json = nlohmann::ordered_json;

// A change that breaks readers raises it.
constexpr int version = 2;

// The artefact's lines; none where it is no text.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  if (text.find('\0') != std::string_view::npos) return lines;
  while (!text.empty()) lines.push_back(take_line(text));
  return lines;
}

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

class Printer {
 public:
  Printer(const Ledger& ledger, const diag::SourceMap& sources) : ledger_(ledger), sources_(sources) {
    for (const LedgerEntry& entry : ledger.targets)
      lines_.push_back(entry.printed == nullptr ? std::vector<std::string_view>() : lines_of(entry.printed->text));
  }

  Json json() const {
    const ir::Configuration& configuration = ledger_.policy->configuration;
    Json result{{"policy", ledger_.policy->name},
                {"os", name_of(configuration.os)},
                {"arch", name_of(configuration.arch)},
                {"variants", configuration.variants}};
    for (std::size_t i = 0; i < ledger_.targets.size(); ++i) result["targets"].push_back(target(i));
    if (ledger_.targets.size() > 1) {
      Json& whole = result["set"];
      if (ledger_.combined.too_complex) whole["too_complex"] = true;
      else whole["totals"] = totals([](const LedgerRow& row) { return row.whole; });
      for (const ir::Point& point : ledger_.combined.open) whole["open"].push_back(words(point));
    }
    result["rules"] = Json::array();
    for (const LedgerRow& row : ledger_.rows) result["rules"].push_back(rule(row));
    return result;
  }

 private:
  std::string_view target_name(std::size_t place) const { return ledger_.targets[place].judged.backend->name; }
  std::string words(const ir::Point& point) const { return format::text_of(ledger_.policy->configuration.os, point); }

  template <class StandingOf>
  Json totals(StandingOf standing_of) const {
    std::array<std::size_t, standing_names.size()> counts{};
    for (const LedgerRow& row : ledger_.rows) ++counts[static_cast<std::size_t>(standing_of(row))];
    Json result = Json::object();
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] > 0) result[std::string(standing_names[i])] = counts[i];
    return result;
  }

  Json target(std::size_t place) const {
    const LedgerEntry& entry = ledger_.targets[place];
    const Reported reported{ledger_.policy, entry.judged.backend, entry.judged.outcome, ledger_.meaning};
    Json result{{"target", entry.judged.backend->name},
            {"format", entry.settings->format},
            {"options", entry.settings->words},
            {"emitted", entry.judged.emitted},
            {"totals", totals([&](const LedgerRow& row) { return row.cells[place].standing; })},
            {"unseen", unseen_by(reported)},
            {"reactions", reactions(*entry.judged.backend)}};
    if (const auto raw = raw_words(reported); !raw.empty()) result["raw"] = raw;
    return result;
  }

  Json reactions(const Backend& backend) const {
    Json result = Json::array();
    for (const LostReaction& lost : lost_reactions(*ledger_.policy, backend))
      result.push_back({{"defaults", lost.said}, {"reason", name_of(lost.because)}, {"why", capability_of(backend, lost.because).why}});
    return result;
  }

  Json rule(const LedgerRow& row) const {
    const ir::Rule& one = ledger_.policy->rules[row.rule.value];
    Json result{{"rule", row.rule.value}, {"place", diag::place_of(sources_, one.origin.front())}};
    for (std::size_t i = 1; i < one.origin.size(); ++i) result["used_from"].push_back(diag::place_of(sources_, one.origin[i]));
    result["effect"] = ir::name_of(one.effect);
    result["text"] = rule_text(one, sources_);
    if (!one.reason.empty()) result["reason"] = one.reason;
    for (std::size_t i = 0; i < row.cells.size(); ++i) result["targets"].push_back(cell(one, row.cells[i], i));
    if (ledger_.targets.size() > 1 && !ledger_.combined.too_complex) result["set"] = whole(row);
    return result;
  }

  Json cell(const ir::Rule& rule, const LedgerCell& cell, std::size_t place) const {
    Json result{{"target", target_name(place)}, {"standing", name_of(cell.standing)}};
    for (const std::size_t other : cell.delegated_to) result["delegated_to"].push_back(target_name(other));
    for (const Finding* finding : cell.findings) result["findings"].push_back(json_of(rule, *finding, place));
    for (const unsigned number : cell.lines) {
      Json line{{"line", number}};
      if (number <= lines_[place].size()) line["text"] = trimmed(lines_[place][number - 1]);
      result["lines"].push_back(std::move(line));
    }
    return result;
  }

  Json json_of(const ir::Rule& rule, const Finding& finding, std::size_t place) const {
    Json result{{"verdict", ir::name_of(finding.verdict)},
                {"reason", name_of(finding.because)},
                {"why", reason_words(*ledger_.targets[place].judged.backend, finding)}};
    if (finding.witness) result["witness"] = witness_of(ledger_, finding, place);
    if (finding.is_way) result["way"] = true;
    if (is_brought(rule, finding)) result["brought"] = true;
    if (finding.accepted) result["accepted"] = ledger_.policy->accepts[*finding.accepted].reason;
    return result;
  }

  Json whole(const LedgerRow& row) const {
    Json result{{"standing", name_of(row.whole)}};
    for (const SetFinding* finding : row.open) {
      Json one{{"verdict", ir::name_of(finding->verdict)}, {"witness", witness_of(ledger_, *finding)}};
      for (const std::size_t place : finding->on) one["targets"].push_back(target_name(place));
      result["findings"].push_back(std::move(one));
    }
    return result;
  }

  const Ledger& ledger_;
  const diag::SourceMap& sources_;
  std::vector<std::vector<std::string_view>> lines_;  // by target
};

}  // namespace

std::string json_of(std::span<const Ledger> ledgers, const diag::SourceMap& sources) {
  Json all = Json::array();
  for (const Ledger& ledger : ledgers) all.push_back(Printer(ledger, sources).json());
  const Json document{{"version", version}, {"ledgers", std::move(all)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace polc::target
