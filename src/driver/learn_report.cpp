#include "driver/learn_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "format/raise.hpp"
#include "learn/evidence_text.hpp"

namespace polc::driver {
namespace {

std::size_t rules_of(const learn::Draft& draft) { return draft.files.size() + draft.nets.size() + draft.calls.size() + draft.processes.size(); }

class Reporter {
 public:
  Reporter(const learn::Evidence& evidence, std::size_t rare) : evidence_(evidence), rare_(rare) {}

  void add(const learn::Named& policy, const learn::Observed& observed) {
    text_ += fmt::format("{} ({}): {} accesses happened, {} were only asked for; {} rules, {} abstractions\n", policy.name, policy.program,
                         observed.happened.size(), observed.asked.size(), rules_of(policy.draft), policy.draft.uses.size());
    for (const learn::Use& use : policy.draft.uses)
      if (use.calls > 0)
        text_ += fmt::format("  use {}: {} of {} calls seen; not seen: {}\n", use.text, use.calls - use.unseen_calls.size(), use.calls, fmt::join(use.unseen_calls, ", "));
    for (const learn::Rewrite& rewrite : policy.draft.log) add(rewrite);
    for (const learn::Seen& one : observed.asked) add("only asked for", one);
    for (const learn::Seen& one : observed.refused) add("refused before", one);
    for (const auto* all : {&policy.draft.files, &policy.draft.nets, &policy.draft.calls, &policy.draft.processes})
      for (const learn::Statement& one : *all)
        if (learn::runs_of(one.places, evidence_.sources) < rare_) text_ += fmt::format("  rare ({}): {}\n", learn::place_text(one, evidence_.sources, policy.runs), one.access);
    blind_spots(observed);
  }

  std::string take() { return std::move(text_); }

 private:
  void add(const learn::Rewrite& rewrite) {
    const std::string added = rewrite.example ? fmt::format("adds all else of that form, without bound; e.g. {}", format::text_of(Os::linux_os, *rewrite.example)) : "adds nothing";
    text_ += fmt::format("  {} of {}: {}: {}\n", rewrite.id, rewrite.names, rewrite.text, added);
  }

  void add(std::string_view what, const learn::Seen& one) {
    const learn::Place first = learn::first_of(one.places);
    text_ += fmt::format("  {} ({}; {}:{}): {}\n", what, learn::text_of(one.outcome), learn::field_of(evidence_.sources[first.source].name), first.first_line, one.access);
  }

  // What this evidence cannot show, since it did not happen while somebody watched.
  void blind_spots(const learn::Observed& observed) {
    const auto saw = [&](std::string_view part) {
      return std::ranges::any_of(observed.happened, [&](const learn::Seen& one) { return one.access.find(part) != std::string::npos; });
    };
    if (observed.asked.empty()) text_ += "  not seen: any failure\n";
    if (saw(" tcp ") && !saw("[")) text_ += "  not seen: IPv6\n";
    text_ += "  cannot be seen: capabilities, calls of the vDSO, io_uring\n";
  }

  const learn::Evidence& evidence_;
  std::size_t rare_;
  std::string text_;
};

std::string footer(std::size_t repaired, std::uint64_t unknown) {
  std::string text;
  if (repaired > 0) text += fmt::format("{} finding{} of lint answered by the place that shows it (@allow_lint)\n", repaired, repaired == 1 ? "" : "s");
  if (unknown > 0) text += fmt::format("{} events of no known program were left out\n", unknown);
  return text;
}

}  // namespace

std::string learn_report(const learn::Evidence& evidence, const std::vector<learn::Named>& policies, const std::vector<learn::Observed>& observed,
                         std::size_t repaired, std::uint64_t unknown, std::size_t rare) {
  Reporter reporter(evidence, rare);
  for (std::size_t i = 0; i < policies.size(); ++i) reporter.add(policies[i], observed[i]);
  return reporter.take() + footer(repaired, unknown);
}

std::string learn_summary(const std::vector<learn::Named>& policies, const std::vector<learn::Observed>& observed, std::size_t repaired,
                          std::uint64_t unknown) {
  std::string text;
  for (std::size_t i = 0; i < policies.size(); ++i)
    text += fmt::format("{}: {} accesses, {} rules, {} abstractions, {} rewrites, {} only asked for\n", policies[i].name, observed[i].happened.size(),
                        rules_of(policies[i].draft), policies[i].draft.uses.size(), policies[i].draft.log.size(), observed[i].asked.size());
  return text + footer(repaired, unknown);
}

}  // namespace polc::driver
