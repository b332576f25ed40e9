#include "driver/why.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "format/raise.hpp"
#include "learn/told.hpp"
#include "target/rule_text.hpp"

namespace polc::driver {
namespace {

constexpr std::size_t most_shown = 200;  // of a line, in a message

std::string shown(const std::string& event) {
  std::string text = event.substr(0, most_shown);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
  return text;
}

// The statement that answers: of those that speak of it the most specific.
const ir::Default* default_for(const ir::Policy& policy, std::string_view target, const learn::Boxes& boxes) {
  const auto klass = ir::class_of(boxes.front().first);
  const auto* call = std::get_if<ir::CallBox>(&boxes.front().first);
  const ir::Default* best = nullptr;
  int best_rank = -1;
  for (const ir::Default& one : policy.defaults) {
    const bool is_of_call = one.call && call != nullptr && call->calls.size() == 1 && call->calls.front() == *one.call;
    if ((!one.target.empty() && one.target != target) || (one.klass && *one.klass != klass) || (one.call && !is_of_call)) continue;
    const int rank = (one.target.empty() ? 0 : 4) + (one.call ? 2 : 0) + (one.klass ? 1 : 0);
    if (rank > best_rank) best = &one, best_rank = rank;
  }
  return best;
}

std::string default_text(const ir::Policy& policy, std::string_view target, const learn::Boxes& boxes, const diag::SourceMap& sources) {
  const ir::Default* one = default_for(policy, target, boxes);
  if (one == nullptr) return "no rule names it; the target's own refusal";
  return fmt::format("no rule allows it; {}: {}", diag::place_of(sources, one->range), format::text_of(policy.configuration.os, *one));
}

// What is allowed of a call all the same: its conditions.
std::string conditions_of(const ir::Policy& policy, const learn::Boxes& boxes, const diag::SourceMap& sources) {
  const auto* call = std::get_if<ir::CallBox>(&boxes.front().first);
  if (call == nullptr || call->calls.size() != 1) return "";
  std::string text;
  for (const ir::Rule& rule : policy.rules)
    if (rule.effect == ir::Effect::allow && std::ranges::any_of(rule.boxes, [&](const ir::Box& box) {
          const auto* one = std::get_if<ir::CallBox>(&box);
          return one != nullptr && std::ranges::binary_search(one->calls, call->calls.front());
        }))
      text += fmt::format("    allowed of it: {}  {}\n", diag::place_of(sources, rule.origin.front()), target::rule_text(rule, sources));
  return text;
}

std::string causes() {
  return "  not by this policy, which allows it. Perhaps an older artefact is loaded (`polc verify`), another layer refused it, or the\n"
         "  file's own permissions\n";
}

std::string answer(const learn::Told& told, const Explained& explained, const learn::Boxes& boxes, const diag::SourceMap& sources) {
  if (explained.by.empty()) return causes();
  const std::string target = told.target.empty() ? explained.by.front().by : told.target;
  std::string text = explained.denies.empty() ? fmt::format("  {}\n", default_text(*explained.policy, target, boxes, sources)) : "";
  text += conditions_of(*explained.policy, boxes, sources);
  return text + reasons_of(explained, sources);
}

// AppArmor calls a profile by the policy's name, or by the path that it is attached to.
std::optional<std::size_t> policy_for(const Replay& replay, const learn::Told& told) {
  if (told.profile.empty()) return replay.policy_of(told.program);
  const auto& policies = replay.configured().policies;
  const auto same = std::ranges::find(policies, told.profile, &ir::Policy::name);
  return same != policies.end() ? std::optional(static_cast<std::size_t>(same - policies.begin())) : told.profile.starts_with('/') ? replay.policy_of(told.profile) : std::nullopt;
}

}  // namespace

std::optional<Why> why(Replay& replay, const std::string& event, const diag::SourceMap& sources, diag::Sink& sink) {
  auto told = learn::told_of(event);
  if (!told) {
    diag::Sink mistakes;
    if (!replay.boxes_of(event, mistakes)) {
      auto added = sink.add_unlocated(diag::no_event, shown(event));
      added.note("an audit, kernel or journal line (SECCOMP, AppArmor, Landlock), `syscall 41`, or an access: 'read \"/etc/hosts\"'");
      for (const diag::Diagnostic& mistake : mistakes.all()) added.note(mistake.message);
      return std::nullopt;
    }
    told = learn::Told{{event}, event};
  }
  const auto policy = policy_for(replay, *told);
  if (!policy && !told->accesses.empty()) {
    const std::string& name = told->profile.empty() ? told->program : told->profile;
    sink.add_unlocated(diag::no_policy_governs, name.empty() ? std::string("?") : name, replay.programs());
    return std::nullopt;
  }
  Why result{fmt::format("{}{}{}\n", told->what, told->target.empty() ? "" : fmt::format(": {} by {}", told->happened ? "noted" : "refused", told->target),
                         told->target.empty() || told->reaction.empty() ? "" : ", " + told->reaction)};
  if (told->happened) result.text += "  it happened: a trial told of it; enforced, it would be refused\n";
  for (const std::string& access : told->accesses) {
    const auto boxes = replay.boxes_of(access, sink);
    if (!boxes) return std::nullopt;
    const Explained explained = replay.explain(*policy, access, *boxes, {.edits = true, .whole = true});
    if (told->accesses.size() > 1) result.text += fmt::format("  {}:\n", access);
    result.text += answer(*told, explained, *boxes, sources);
    result.refused = result.refused || !explained.by.empty();
  }
  for (const std::string& note : told->notes) result.text += fmt::format("  note: {}\n", note);
  return result;
}

}  // namespace polc::driver
