#include "target/report.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "format/raise.hpp"
#include "support/overloaded.hpp"

namespace polc::target {
namespace {

struct Counts {
  std::array<std::size_t, 5> verdicts{};  // by ir::Verdict; exact: rules without a finding
  std::size_t accepted = 0;
};

Counts counts_of(const Reported& reported) {
  Counts counts;
  std::vector<bool> touched(reported.policy->rules.size(), false);
  for (const Finding& finding : reported.legalised->findings) {
    ++counts.verdicts[static_cast<std::size_t>(finding.verdict)];
    counts.accepted += finding.accepted.has_value();
    touched[finding.rule.value] = true;
  }
  for (const bool any : touched) counts.verdicts[0] += !any;
  return counts;
}

// What the target never looks at, in the language's words, each once.
std::vector<std::string> unseen_words(const std::vector<ir::Box>& boxes) {
  std::vector<std::string> words;
  const auto add = [&](std::string word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  };
  for (const ir::Box& box : boxes)
    std::visit(Overloaded{[&](const ir::FileBox& b) {
                            const bool everywhere = std::find(b.places.begin(), b.places.end(), sets::PathPattern{}) != b.places.end();
                            if (everywhere) b.verbs.for_each([&](FileVerb v) { add(std::string(name_of(v))); });
                          },
                          [&](const ir::PairBox& b) { b.verbs.for_each([&](FileVerb v) { add(std::string(name_of(v))); }); },
                          [&](const ir::NetBox& b) { add(std::string(name_of(b.family)) + " sockets"); },
                          [&](const ir::CallBox&) { add("system calls"); },
                          [&](const ir::IdentityBox&) { add("identities"); },
                          [&](const ir::CapabilityBox&) { add("capabilities"); },
                          [&](const ir::PeerBox& b) { add(b.kind == ir::PeerKind::signal ? "signals" : "ptrace"); }},
               box);
  return words;
}

std::string witness_text(const Reported& reported, const Finding& finding) {
  return finding.witness ? format::text_of(reported.policy->configuration.os, *finding.witness) : "";
}

std::string sentence(const Reported& reported, const Finding& finding) {
  const char* const does = finding.verdict == ir::Verdict::narrower ? "refuses" : "permits";
  if (!finding.witness) return std::string(text_of(finding.because));
  return fmt::format("{} `{}`", does, witness_text(reported, finding));
}

std::string place(const Reported& reported, const Finding& finding, const diag::SourceMap& sources) {
  return diag::place_of(sources, reported.policy->rules[finding.rule.value].origin.front());
}

}  // namespace

std::string summary_of(const Reported& reported, const diag::SourceMap& sources) {
  const Counts counts = counts_of(reported);
  std::string text = fmt::format("{}: {}: {} rules: {} exact", reported.backend->name, reported.policy->name,
                                 reported.policy->rules.size(), counts.verdicts[0]);
  for (std::size_t i = 1; i < counts.verdicts.size(); ++i)
    if (counts.verdicts[i] > 0) text += fmt::format(", {} {}", counts.verdicts[i], ir::verdict_names[i]);
  if (counts.accepted > 0) text += fmt::format(" ({} accepted)", counts.accepted);
  for (const Finding& finding : reported.legalised->findings) {
    if (finding.accepted || !finding.witness) continue;
    text += fmt::format("; e.g. {}: {}", place(reported, finding, sources), sentence(reported, finding));
    break;
  }
  const auto unseen = unseen_words(reported.legalised->policy.unmediated());
  if (!unseen.empty()) text += fmt::format("; it does not see {}", fmt::join(unseen, ", "));
  return text + "\n";
}

std::string table_of(std::span<const Reported> all, const diag::SourceMap& sources) {
  std::string text;
  for (const Reported& reported : all) {
    text += summary_of(reported, sources);
    for (const Finding& finding : reported.legalised->findings) {
      const std::string_view why = capability_of(*reported.backend, finding.because).why;
      text += fmt::format("  {}: {}{}: {} [{}]{}\n", place(reported, finding, sources), ir::name_of(finding.verdict),
                          finding.accepted ? " (accepted)" : "", sentence(reported, finding), name_of(finding.because),
                          why.empty() ? "" : fmt::format(" {}", why));
    }
  }
  return text;
}

std::string json_of(std::span<const Reported> all, const diag::SourceMap& sources) {
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const Reported& reported : all) {
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const Finding& finding : reported.legalised->findings) {
      nlohmann::ordered_json row{{"rule", finding.rule.value},
                                 {"place", place(reported, finding, sources)},
                                 {"verdict", ir::name_of(finding.verdict)},
                                 {"reason", name_of(finding.because)},
                                 {"why", capability_of(*reported.backend, finding.because).why}};
      if (finding.witness) row["witness"] = witness_text(reported, finding);
      if (finding.accepted) row["accepted"] = reported.policy->accepts[*finding.accepted].reason;
      findings.push_back(std::move(row));
    }
    results.push_back({{"policy", reported.policy->name},
                       {"target", reported.backend->name},
                       {"os", name_of(reported.policy->configuration.os)},
                       {"arch", name_of(reported.policy->configuration.arch)},
                       {"variants", reported.policy->configuration.variants},
                       {"rules", reported.policy->rules.size()},
                       {"findings", std::move(findings)}});
  }
  const nlohmann::ordered_json document{{"version", 1}, {"results", std::move(results)}};
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace polc::target
