#include "apparmor/raw_exec.hpp"

#include <algorithm>

#include "apparmor/links.hpp"
#include "apparmor/overlap.hpp"
#include "apparmor/read_rules.hpp"

namespace polc::apparmor {
namespace {

/// A name that a program may be run by, and what it becomes.
struct Mode {
  sets::PathPattern place;
  ir::Successor successor;  // a policy's: by the name of its profile
  diag::SourceRange range;
  bool is_raw = false;
};

std::vector<Mode> modes_of_rules(const ir::Policy& policy, const target::Settings& settings) {
  std::vector<Mode> modes;
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes) {
      const auto* file = std::get_if<ir::FileBox>(&box);
      if (rule.effect != ir::Effect::allow || file == nullptr || !file->verbs.contains(FileVerb::exec)) continue;
      for (ir::Successor successor : file->successors) {
        if (successor.kind == ir::Successor::Kind::policy)
          successor.policy = successor.policy == policy.name ? profile_name(policy, settings)
                                                             : sibling_name(successor.policy, settings);
        for (sets::PathPattern& place : with_real_names(file->places, policy))
          modes.push_back({std::move(place), successor, rule.origin.front(), false});
      }
    }
  return modes;
}

std::vector<Mode> modes_of(const ir::Raw& raw, const std::string& profile_name, const target::Settings& settings) {
  std::vector<Mode> modes;
  const std::vector<std::string>& included = options_of(settings).abstractions;
  const auto profile = profile_from("profile \"" + profile_name + "\" {\n" + raw.text + "\n}\n", {included.begin(), included.end()}, settings.includes);
  if (!profile) return modes;
  for (const ReadPath& path : profile->paths) {
    if (!path.successor || path.deny || !path.places) continue;
    for (const Place& place : *path.places) modes.push_back({place.pattern, *path.successor, raw.range, true});
  }
  return modes;
}

// A rule for one exact name beats patterns, so those two are no contradiction.
bool contradict(const Mode& a, const Mode& b) {
  return a.successor != b.successor && a.place.is_literal() == b.place.is_literal() && overlap(a.place, b.place);
}

}  // namespace

std::optional<RawConflict> find_raw_conflict(const ir::Policy& policy, const target::Settings& settings) {
  std::vector<Mode> raws;
  for (const ir::Raw& raw : policy.raws)
    if (raw.target == "apparmor")
      for (Mode& mode : modes_of(raw, profile_name(policy, settings), settings)) raws.push_back(std::move(mode));
  if (raws.empty()) return std::nullopt;
  std::vector<Mode> others = modes_of_rules(policy, settings);
  for (const Mode& raw : raws) {
    const auto other = std::find_if(others.begin(), others.end(), [&](const Mode& m) { return contradict(raw, m); });
    if (other != others.end())
      return RawConflict{raw.range, raw.place.text(), other->is_raw ? std::nullopt : std::optional(other->range)};
    others.push_back(raw);
  }
  return std::nullopt;
}

}  // namespace polc::apparmor
