// The words of `polc replay`: for people and for programs.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "driver/replay.hpp"
#include "learn/evidence_text.hpp"
#include "target/rule_text.hpp"

namespace polc::driver {
namespace {

using nlohmann::ordered_json;

std::string rule_line(const ir::Rule& rule, const diag::SourceMap& sources) {
  return fmt::format("{}  {}", diag::place_of(sources, rule.origin.front()), target::rule_text(rule, sources));
}

std::string by_text(const std::vector<Refusal>& by) {
  std::vector<std::string> all;
  for (const Refusal& one : by) all.push_back(fmt::format("{} ({})", one.by, one.reaction));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string times(std::uint64_t count) { return fmt::format("{} time{}", count, count == 1 ? "" : "s"); }

ordered_json json_event(const ReplayedEvent& event, const diag::SourceMap& sources) {
  const Explained& explained = event.explained;
  ordered_json by = ordered_json::array();
  for (const Refusal& one : explained.by) by.push_back({{"target", one.by}, {"reaction", one.reaction}});
  ordered_json row{{"policy", explained.policy->name}, {"access", explained.access}, {"count", event.count}, {"runs", event.runs}, {"first", event.first}, {"by", by}};
  if (explained.nearest) row["nearest"] = rule_line(explained.policy->rules[explained.nearest->value], sources);
  for (const ir::RuleId rule : explained.denies) row["denies"].push_back(rule_line(explained.policy->rules[rule.value], sources));
  if (explained.edit) row["edit"] = {{"words", explained.edit->words}, {"findings", explained.edit->findings}};
  return row;
}

}  // namespace

std::string reasons_of(const Explained& explained, const diag::SourceMap& sources) {
  std::string text;
  for (const ir::RuleId rule : explained.denies) text += fmt::format("    denied: {}\n", rule_line(explained.policy->rules[rule.value], sources));
  if (explained.nearest && explained.denies.empty()) text += fmt::format("    nearest: {}\n", rule_line(explained.policy->rules[explained.nearest->value], sources));
  if (!explained.edit) return text;
  text += fmt::format("    {}\n", explained.edit->words);
  for (const std::string& finding : explained.edit->findings) text += fmt::format("      lint would ask: {}\n", finding);
  return text;
}

std::string text_of(const Replayed& all, const Replay& replay, const learn::Evidence& evidence, const diag::SourceMap& sources) {
  std::string text = fmt::format("would deny {} of {} accesses, {} of {} events\n", all.denied.size(), all.accesses, all.denied_events, all.events);
  for (const ReplayedEvent& one : all.denied)
    text += fmt::format("{}  {}  {}  {}\n{}", one.first, one.explained.access, times(one.count), by_text(one.explained.by), reasons_of(one.explained, sources));
  for (const ReplayedEvent& one : all.killed)
    text += fmt::format("{}  {}  {}  would end the program for a question: {} is answered by `kill`\n", one.first, one.explained.access, times(one.count), one.explained.by.front().by);
  for (const ReplayedEvent& one : all.refused_before)
    text += fmt::format("{}  {}  {}  was refused before, {}\n", one.first, one.explained.access, times(one.count), one.explained.by.empty() ? "and is allowed now" : "as it is now");
  if (!all.unused.empty()) {
    text += fmt::format("not seen: {} of {} rules\n", all.unused.size(), all.rules);
    for (const auto& [policy, rule] : all.unused) text += fmt::format("    {}\n", rule_line(policy->rules[rule.value], sources));
  }
  if (!all.unseen.empty()) text += fmt::format("nobody sees ({}): {} accesses: {}\n", fmt::join(replay.targets(), ", "), all.unseen.size(), fmt::join(all.unseen, "; "));
  if (!all.ungoverned.empty()) text += fmt::format("no policy governs: {}\n", fmt::join(all.ungoverned, ", "));
  for (const learn::Source& source : evidence.sources)
    if (!source.is_complete) text += fmt::format("incomplete: {} says itself that it lost records\n", learn::field_of(source.name));
  return text;
}

std::string json_of(const Replayed& all, const Replay& replay, const learn::Evidence& evidence, const diag::SourceMap& sources) {
  ordered_json document{{"version", 1}, {"targets", replay.targets()}, {"accesses", all.accesses}, {"events", all.events}};
  for (const learn::Source& source : evidence.sources)
    document["sources"].push_back({{"id", source.id}, {"run", source.run}, {"kind", source.kind}, {"name", learn::field_of(source.name)}, {"lines", source.lines}, {"complete", source.is_complete}});
  const auto add = [&](const char* name, const std::vector<ReplayedEvent>& events) {
    document[name] = ordered_json::array();
    for (const ReplayedEvent& one : events) document[name].push_back(json_event(one, sources));
  };
  add("denied", all.denied), add("killed", all.killed), add("refused", all.refused_before);
  document["unused"] = ordered_json::array();
  for (const auto& [policy, rule] : all.unused) document["unused"].push_back(rule_line(policy->rules[rule.value], sources));
  document["unseen"] = all.unseen;
  document["ungoverned"] = all.ungoverned;
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace polc::driver
