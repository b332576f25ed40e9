#include "target/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "target/witness_words.hpp"

namespace polc::target {
namespace {

using Json = nlohmann::ordered_json;

/// Is the finding's access settled there?
bool is_settled(const OnRung& there, const Finding& finding) {
  const eval::Meaning& permitted = there.reported.outcome->permitted;
  if (!finding.witness) return false;
  if (finding.verdict == ir::Verdict::narrower) return eval::surely_allows(permitted, *finding.witness);
  return !eval::decide(permitted, *finding.witness).allowed;
}

/// The first of what is found here and settled there.
const Finding* first_lack(const OnRung& here, const OnRung& there) {
  const auto& findings = here.reported.outcome->findings;
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const Finding& finding) { return is_settled(there, finding); });
  return found == findings.end() ? nullptr : &*found;
}

std::string place(const OnRung& at, const Finding& finding, const diag::SourceMap& sources) {
  return diag::place_of(sources, at.reported.policy->rules[finding.rule.value].origin.front());
}

std::string does(const OnRung& at, const Finding& finding) {
  return fmt::format("{} `{}`", finding.verdict == ir::Verdict::narrower ? "refuses" : "permits",
                     witness_words(at.reported.sides(), finding));
}

bool is_same(const OnRung& a, const OnRung& b) {
  return totals_of(a.reported) == totals_of(b.reported) && first_lack(a, b) == nullptr && first_lack(b, a) == nullptr;
}

std::string words_of(const std::array<std::size_t, standing_names.size()>& totals) {
  std::string text;
  for (std::size_t i = 0; i < totals.size(); ++i)
    if (totals[i] > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", totals[i], standing_names[i]);
  return text;
}

/// The next rung at which something changes; none: it stays so.
const OnRung* next_change(std::span<const OnRung> rungs, std::size_t from) {
  for (std::size_t i = from + 1; i < rungs.size(); ++i)
    if (!is_same(rungs[i], rungs[from])) return &rungs[i];
  return nullptr;
}

/// Is it one of those that the line of rung `first` stands for?
bool is_among(std::span<const OnRung> rungs, std::size_t first, const OnRung* end, std::string_view word) {
  for (const OnRung& one : rungs.subspan(first)) {
    if (&one == end) return false;
    if (one.rung->word == word) return true;
  }
  return false;
}

}  // namespace

std::string ladder_text(std::string_view option, std::span<const OnRung> rungs, std::string_view here,
                        const diag::SourceMap& sources) {
  const Backend& backend = *rungs.front().reported.backend;
  const ir::Policy& policy = *rungs.front().reported.policy;
  std::string text =
      fmt::format("{} on {}, option `{}`: {} rules\n\n", policy.name, backend.name, option, policy.rules.size());
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    if (i > 0 && is_same(rungs[i], rungs[i - 1])) continue;
    const OnRung* next = next_change(rungs, i);
    text += fmt::format("{} {:<4}{:<12}{}{}\n", option, rungs[i].rung->word, rungs[i].rung->since,
                        words_of(totals_of(rungs[i].reported)), is_among(rungs, i, next, here) ? " <- this host" : "");
    const Finding* lack = next != nullptr ? first_lack(rungs[i], *next) : nullptr;
    if (lack != nullptr)
      text += fmt::format("        what {} brings: {}: {}\n", next->rung->word, place(rungs[i], *lack, sources),
                          does(rungs[i], *lack));
  }
  return text + fmt::format("\nNothing changes between the rungs that are shown, up to {} {}.\n", option,
                            rungs.back().rung->word);
}

std::string ladder_json(std::string_view option, std::span<const std::vector<OnRung>> ladders, std::string_view here,
                        const diag::SourceMap& sources) {
  Json all{{"version", 1}, {"ladders", Json::array()}};
  for (const std::vector<OnRung>& rungs : ladders) {
    const Reported& first = rungs.front().reported;
    Json one{
        {"policy", first.policy->name}, {"target", first.backend->name}, {"option", option}, {"rungs", Json::array()}};
    for (std::size_t i = 0; i < rungs.size(); ++i) {
      Json rung{{"value", rungs[i].rung->word}, {"since", rungs[i].rung->since}, {"totals", Json::object()}};
      if (rungs[i].rung->word == here) rung["here"] = true;
      const auto totals = totals_of(rungs[i].reported);
      for (std::size_t k = 0; k < totals.size(); ++k)
        if (totals[k] > 0) rung["totals"][std::string(standing_names[k])] = totals[k];
      const Finding* lack = i + 1 < rungs.size() ? first_lack(rungs[i], rungs[i + 1]) : nullptr;
      if (lack != nullptr)
        rung["lacks"] = {{"place", place(rungs[i], *lack, sources)},
                         {"verdict", ir::name_of(lack->verdict)},
                         {"witness", witness_words(rungs[i].reported.sides(), *lack)}};
      one["rungs"].push_back(std::move(rung));
    }
    all["ladders"].push_back(std::move(one));
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace polc::target
