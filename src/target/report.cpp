#include "target/report.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "format/raise.hpp"
#include "knowledge/calls.hpp"
#include "target/limits.hpp"
#include "target/points.hpp"
#include "target/reactions.hpp"

namespace polc::target {
namespace {

// Each rule by the worst that is found of it, or of either side: the ledger's totals for this target alone.
struct Counts {
  std::array<std::size_t, standing_names.size()> standings{};
  std::size_t accepted = 0;
};

Counts counts_of(const Reported& reported) {
  const auto& rules = reported.policy->rules;
  std::vector<std::vector<const Finding*>> findings(rules.size());
  for (const Finding& finding : reported.outcome->findings) findings[finding.rule.value].push_back(&finding);
  Counts counts;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    for (const Standing standing : counted_as(rules[rule], findings[rule])) ++counts.standings[static_cast<std::size_t>(standing)];
    const auto is_accepted = [](const Finding* finding) { return finding->accepted.has_value(); };
    counts.accepted += std::any_of(findings[rule].begin(), findings[rule].end(), is_accepted) ? 1 : 0;
  }
  return counts;
}

// What a target does not see, in few words: `files` for all of their verbs, `sockets` for all families.
class Unseen {
 public:
  explicit Unseen(const ir::Policy& policy) : policy_(policy) {}

  std::vector<std::string> words(const std::vector<ir::Box>& boxes) {
    for (const ir::Box& box : boxes) std::visit([&](const auto& one) { add(one); }, box);
    std::vector<std::string> all;
    if (verbs_.is_all()) all.emplace_back("files");
    else verbs_.for_each([&](FileVerb verb) { all.emplace_back(name_of(verb)); });
    if (families_.size() == count_of(Family{})) all.emplace_back("sockets");
    else for (const Family family : families_) all.push_back(std::string(name_of(family)) + " sockets");
    all.insert(all.end(), others_.begin(), others_.end());
    return all;
  }

 private:
  static bool is_everywhere(const std::vector<sets::PathPattern>& places) {
    return std::find(places.begin(), places.end(), sets::PathPattern{}) != places.end();
  }
  void add(const ir::FileBox& box) {
    if (is_everywhere(box.places)) verbs_ = verbs_ | box.verbs;
  }
  void add(const ir::PairBox& box) {
    if (is_everywhere(box.from) && is_everywhere(box.to)) verbs_ = verbs_ | box.verbs;
  }
  void add(const ir::NetBox& box) { families_.insert(box.family); }
  // A few calls by name; those that the architecture lacks are nothing to see.
  void add(const ir::CallBox& box) {
    std::vector<std::string> names;
    for (const CallId call : box.calls)
      if (can_happen(policy_.configuration, ir::CallPoint{call, {}}))
        names.emplace_back(knowledge::call_of(policy_.configuration.os, call).name);
    if (names.size() > 3) names = {"system calls"};
    for (const std::string& name : names) add(box.where.is_always() ? name : name + " in part");
  }
  void add(const ir::IdentityBox&) { add(std::string("identities")); }
  void add(const ir::CapabilityBox&) { add(std::string("capabilities")); }
  void add(const ir::PeerBox& box) { add(std::string(box.kind == ir::PeerKind::signal ? "signals" : "ptrace")); }
  void add(std::string word) {
    if (std::find(others_.begin(), others_.end(), word) == others_.end()) others_.push_back(std::move(word));
  }

  const ir::Policy& policy_;
  FileVerbs verbs_;
  std::set<Family> families_;
  std::vector<std::string> others_;
};

std::string witness_text(const Reported& reported, const Finding& finding) {
  return finding.witness ? witness_words(reported.sides(), finding) : "";
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

std::array<std::size_t, standing_names.size()> totals_of(const Reported& reported) { return counts_of(reported).standings; }

std::string summary_of(const Reported& reported, const diag::SourceMap& sources) {
  const Counts counts = counts_of(reported);
  std::string text = fmt::format("{}: {}: {} rule{}: {} exact", reported.backend->name, reported.policy->name,
                                 reported.policy->rules.size(), reported.policy->rules.size() == 1 ? "" : "s", counts.standings[0]);
  for (std::size_t i = 1; i < counts.standings.size(); ++i)
    if (counts.standings[i] > 0) text += fmt::format(", {} {}", counts.standings[i], standing_names[i]);
  if (counts.accepted > 0) text += fmt::format(" ({} accepted)", counts.accepted);
  for (const Finding& finding : reported.outcome->findings) {
    if (finding.accepted || !finding.witness) continue;
    text += fmt::format("; e.g. {}: {}", place(reported, finding, sources), sentence(reported, finding));
    break;
  }
  const auto unseen = unseen_by(reported);
  if (!unseen.empty()) text += fmt::format("; it does not see {}", fmt::join(unseen, ", "));
  if (const auto raw = raw_words(reported); !raw.empty()) text += fmt::format("; raw text {}", fmt::join(raw, ", "));
  if (is_trial(*reported.policy, reported.backend->name)) text += "; " + trial_note(*reported.backend);
  return text + "\n";
}

std::vector<std::string> raw_words(const Reported& reported) {
  std::vector<std::string> all;
  for (const RawFinding& finding : reported.outcome->raw_findings) {
    const auto access = [&] { return format::text_of(reported.policy->configuration.os, *finding.witness); };
    std::string words;
    switch (finding.kind) {
      case RawFinding::Kind::opens: words = fmt::format("permits `{}`", access()); break;
      case RawFinding::Kind::closes: words = fmt::format("refuses `{}`", access()); break;
      case RawFinding::Kind::replaces: words = fmt::format("replaces `{}` by `{}`", finding.replaced, finding.by); break;
      case RawFinding::Kind::adds: words = fmt::format("adds `{}`", finding.by); break;
    }
    all.push_back(words + (finding.accepted ? " (accepted)" : ""));
  }
  return all;
}

std::vector<std::string> unseen_by(const Reported& reported) {
  std::vector<std::string> unseen = Unseen(*reported.policy).words(reported.outcome->unseen);
  if (!reported.policy->limits.empty() && !keeps_limits(*reported.backend)) unseen.emplace_back("limits");
  return unseen;
}

}  // namespace polc::target
