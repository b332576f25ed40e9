#include "driver/replay.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/asked.hpp"
#include "eval/assertions.hpp"
#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "knowledge/calls.hpp"
#include "learn/abstractions.hpp"
#include "learn/evidence_text.hpp"
#include "learn/nearest.hpp"
#include "learn/write.hpp"
#include "syntax/parse.hpp"

namespace polc::driver {
namespace {

// Of a call the one that is asked about, for defaults of its own.
std::optional<CallId> call_of(const learn::Boxes& boxes) {
  const auto* call = boxes.empty() ? nullptr : std::get_if<ir::CallBox>(&boxes.front().first);
  return call != nullptr && call->calls.size() == 1 ? std::optional(call->calls.front()) : std::nullopt;
}

// As after `default`, without that word: "kill", "deny errno EACCES".
std::string words_of(const ir::Reaction& reaction) {
  const std::string text = format::text_of(Os::linux_os, ir::Default{reaction, std::nullopt, std::nullopt, "", {}});
  constexpr std::string_view word = "default ";
  return text.starts_with(word) ? text.substr(word.size()) : text;
}

// Whatever the values of what the words leave out.
bool holds_all(const eval::Meaning& set, learn::Boxes boxes) {
  for (auto& [box, left_out] : boxes) left_out = {};
  return learn::allows(set, boxes);
}

// An access that the set refuses, of those that are asked about.
std::optional<ir::Point> refused_point(const eval::Meaning& meaning, const learn::Boxes& boxes) {
  sets::Budget budget;
  return eval::judge(meaning, {ir::Effect::allow, boxes, {}}, budget).counterexample;
}

// One that the set allows: what shows which rules were used.
std::optional<ir::Point> point_of(const learn::Boxes& boxes, const eval::Meaning& meaning) {
  for (const auto& [box, left_out] : boxes) {
    if (const auto points = eval::concrete_points(box, left_out))
      for (const auto& alternatives : *points)
        for (const ir::Point& point : alternatives)
          if (eval::decide(meaning, point).allowed) return point;
    const eval::Meaning named = eval::set_of({box}, meaning.os());
    const eval::Meaning* const sides[] = {&named, &meaning};
    sets::Budget budget;
    if (auto point = eval::find_common(sides, budget)) return point;
  }
  return std::nullopt;
}

bool is_governed_by(const ir::Policy& policy, const std::string& program) {
  return std::ranges::any_of(policy.programs, [&](const std::string& one) {
    const auto patterns = sets::parse_path_pattern({one, {}}, false);
    return one == program || (patterns && std::ranges::any_of(*patterns, [&](const auto& pattern) { return pattern.matches(program); }));
  });
}

}  // namespace

Replay::Replay(const std::vector<std::string>& files, const sema::Program& program, CompileRequest request, const std::vector<std::string>& directories,
               diag::SourceMap& sources)
    : program_(program), request_(std::move(request)), sources_(sources), editor_(files, program_, request_, directories, sources) {}

std::unique_ptr<Replay> Replay::open(const std::vector<std::string>& files, const sema::Program& program, CompileRequest request,
                                     const std::vector<std::string>& directories, Backends backends, diag::SourceMap& sources, diag::Sink& sink) {
  if (request.targets.empty()) request.targets = deployed(program, request, backends, sink);
  std::unique_ptr<Replay> replay(new Replay(files, program, std::move(request), directories, sources));
  replay->configured_ = configure(program, replay->request_, backends, sink);
  if (!replay->configured_ || sink.has_errors()) return nullptr;
  if (!replay->request_.targets.empty()) replay->compilation_ = compile(program, replay->request_, backends, sources, sink);
  if (sink.has_errors()) return nullptr;
  for (const ir::Policy& policy : replay->configured_->policies) replay->used_.emplace_back(policy.rules.size(), false);
  return replay;
}

std::optional<learn::Boxes> Replay::boxes_of(const std::string& access, diag::Sink& sink) {
  const auto parsed = syntax::parse_access(sources_, sources_.add("<event>", access), sink);
  if (!parsed) return std::nullopt;
  return sema::lower_access(program_, {configured_->os, configured_->policies.front().configuration.arch, request_.variants}, *parsed, sink);
}

std::optional<std::size_t> Replay::policy_of(const std::string& program) const {
  const auto& policies = configured_->policies;
  if (policies.size() == 1 && (program.empty() || policies.front().programs.empty())) return 0;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < policies.size(); ++i)
    if (!program.empty() && is_governed_by(policies[i], program)) found = found ? found : i;
  return found;
}

std::string Replay::programs() const {
  std::vector<std::string> all;
  for (const ir::Policy& policy : configured_->policies) all.push_back(policy.programs.empty() ? policy.name : fmt::format("{} ({})", policy.name, fmt::join(policy.programs, ", ")));
  return fmt::format("{}", fmt::join(all, "; "));
}

std::string Replay::reaction_to(const ir::Policy& policy, std::string_view target, const learn::Boxes& boxes) const {
  const auto klass = boxes.empty() ? std::nullopt : std::optional(ir::class_of(boxes.front().first));
  return words_of(ir::reaction_for(policy, target, klass, call_of(boxes)));
}

Explained Replay::explain(std::size_t index, const std::string& access, const learn::Boxes& asked, Asking asking) {
  const ir::Policy& policy = configured_->policies[index];
  const eval::Meaning& meaning = configured_->meanings[index];
  Explained result{&policy, access, {}, !request_.targets.empty(), {}, {}, {}};
  learn::Boxes boxes = asked;
  for (auto& [box, left_out] : boxes)
    if (asking.whole && std::holds_alternative<ir::CallBox>(box)) left_out = {};
  const bool means_it = learn::allows(meaning, boxes);
  if (!means_it) result.by.push_back({"meaning", reaction_to(policy, "", boxes)});
  for (const TargetResult& one : compilation_.results) {
    if (one.policy->name != policy.name || !one.emitted) continue;
    const target::Outcome& outcome = one.enforced.outcome;
    result.nobody_sees = result.nobody_sees && holds_all(eval::set_of(outcome.unseen, configured_->os), boxes);
    if (!learn::allows(outcome.permitted, boxes)) result.by.push_back({std::string(one.backend->name), reaction_to(policy, one.backend->name, boxes)});
  }
  if (means_it) return result;
  if (const auto point = refused_point(meaning, boxes))
    for (const ir::RuleId rule : eval::decide(meaning, *point).rules)
      if (policy.rules[rule.value].effect == ir::Effect::deny) result.denies.push_back(rule);
  if (const auto nearest = learn::nearest_rule(policy, boxes)) result.nearest = nearest->rule;
  if (asking.edits && result.denies.empty()) result.edit = editor_.find_edit(policy, result.nearest, access, boxes);
  return result;
}

// A failed attempt is a question that the program lives on from; not where its call is answered by death.
bool Replay::would_end(const ir::Policy& policy, const eval::Meaning& meaning, const learn::Seen& asked) {
  const auto id = knowledge::find_call(configured_->os, asked.outcome.call);
  if (!id) return false;
  if (ir::reaction_for(policy, "", ir::AccessClass::syscall, *id).kind != ir::Reaction::Kind::kill) return false;
  if (learn::is_call(asked)) return !learn::allows(meaning, asked.boxes);
  if (const std::string socket = asked.outcome.call == "socket" ? learn::socket_access(asked) : ""; !socket.empty()) {
    diag::Sink none;
    const auto boxes = boxes_of(socket, none);
    return boxes && !learn::allows(meaning, *boxes);
  }
  const eval::Meaning whole = eval::set_of({ir::CallBox{{*id}, {}}}, configured_->os);
  const eval::Meaning* const sides[] = {&whole, &meaning};
  sets::Budget budget;
  return !eval::find_common(sides, budget);
}

void Replay::note_use(std::size_t policy, const learn::Boxes& boxes) {
  const eval::Meaning& meaning = configured_->meanings[policy];
  if (const auto point = point_of(boxes, meaning))
    for (const ir::RuleId rule : eval::decide(meaning, *point).rules) used_[policy][rule.value] = true;
}

std::optional<Replayed> Replay::of(const learn::Evidence& evidence, diag::Sink& sink) {
  Replayed all;
  const learn::Facts facts(evidence.facts);
  std::map<std::string, std::vector<learn::Seen>> seen;
  for (const learn::Event& event : evidence.events) {
    const auto boxes = policy_of(event.program) ? boxes_of(event.access, sink) : std::nullopt;
    if (boxes) seen[event.program].push_back({event.access, learn::with_facts(*boxes, facts), event.outcome, event.places});
    else if (!event.program.empty() && std::ranges::find(all.ungoverned, event.program) == all.ungoverned.end()) all.ungoverned.push_back(event.program);
  }
  if (sink.has_errors()) return std::nullopt;
  if (seen.empty()) {
    sink.add_unlocated(diag::no_policy_governs, fmt::format("{}", fmt::join(all.ungoverned, "`, `")), programs());
    return std::nullopt;
  }
  const auto told = [&](Explained explained, const std::vector<learn::Place>& places) {
    const learn::Place first = learn::first_of(places);
    return ReplayedEvent{std::move(explained), learn::count_of(places), learn::runs_of(places, evidence.sources),
                         fmt::format("{}:{}", learn::field_of(evidence.sources[first.source].name), first.first_line)};
  };
  for (auto& [program, events] : seen) {
    const std::size_t index = *policy_of(program);
    const learn::Observed observed = learn::sorted_by_outcome(program, std::move(events));
    for (const learn::Seen& one : observed.happened) {
      ++all.accesses, all.events += learn::count_of(one.places);
      Explained explained = explain(index, one.access, one.boxes, {.edits = true});
      if (explained.nobody_sees) all.unseen.push_back(one.access);
      if (explained.by.empty()) note_use(index, one.boxes);
      else all.denied_events += learn::count_of(one.places), all.denied.push_back(told(std::move(explained), one.places));
    }
    for (const learn::Seen& one : observed.asked)
      if (would_end(configured_->policies[index], configured_->meanings[index], one)) all.killed.push_back(told({&configured_->policies[index], one.access, {{one.outcome.call, "kill"}}, false, {}, {}, {}}, one.places));
    for (const learn::Seen& one : observed.refused) all.refused_before.push_back(told(explain(index, one.access, one.boxes, {}), one.places));
  }
  for (std::size_t i = 0; i < used_.size(); ++i)
    for (std::uint32_t rule = 0; rule < used_[i].size(); ++rule) {
      const ir::Rule& one = configured_->policies[i].rules[rule];
      const bool is_of_user = std::ranges::any_of(program_.units, [&](const sema::Unit& unit) { return unit.is_main && unit.file.source == one.origin.front().file; });
      if (!is_of_user || one.effect != ir::Effect::allow) continue;
      ++all.rules;
      if (!used_[i][rule]) all.unused.emplace_back(&configured_->policies[i], ir::RuleId{rule});
    }
  return all;
}

}  // namespace polc::driver
