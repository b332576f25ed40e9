#include <map>
#include <set>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/learn.hpp"
#include "learn/evidence_text.hpp"

namespace polc::driver {
namespace {

// What may be a need: whether a failure is one, the other events of its program decide (observed.hpp). A question that the policy
// answers as it likes is none.
bool may_be_needed(const learn::Outcome& outcome) {
  static const std::set<std::string> needs{"EEXIST", "EADDRINUSE", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"};
  return outcome.kind == learn::Outcome::Kind::ok || outcome.kind == learn::Outcome::Kind::would || needs.contains(outcome.error);
}

}  // namespace

std::optional<Beyond> beyond(Replay& base, const learn::Evidence& evidence, const diag::SourceMap& sources, diag::Sink& sink) {
  Beyond result{evidence, {}, {}};
  result.evidence.events.clear();
  std::map<std::pair<std::string, std::string>, bool> known;  // of a program's access: does the policy lack it?
  for (const learn::Event& event : evidence.events) {
    if (event.program.empty() || !may_be_needed(event.outcome)) continue;
    const auto policy = base.policy_of(event.program);
    if (!policy) continue;
    const auto [row, is_new] = known.try_emplace({event.program, event.access}, false);
    if (is_new) {
      const auto boxes = base.boxes_of(event.access, sink);
      if (!boxes) {
        sink.add_unlocated(diag::no_access_in_evidence, event.access);
        return std::nullopt;
      }
      const Explained explained = base.explain(*policy, event.access, *boxes, {});
      result.names[event.program] = explained.policy->name;
      row->second = !explained.by.empty() && explained.denies.empty();
      if (!explained.by.empty() && !explained.denies.empty())
        result.denied.push_back(fmt::format("{}\n{}", event.access, reasons_of(explained, sources)));
    }
    if (row->second) result.evidence.events.push_back(event);
  }
  if (!result.names.empty()) return result;
  std::string all;
  for (const learn::Event& event : evidence.events)
    if (!event.program.empty() && all.find(event.program) == std::string::npos) all += (all.empty() ? "" : "`, `") + event.program;
  sink.add_unlocated(diag::no_policy_governs, all, base.programs());
  return std::nullopt;
}

}  // namespace polc::driver
