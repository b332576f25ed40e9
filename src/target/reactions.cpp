#include "target/reactions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "format/raise.hpp"

namespace polc::target {
namespace {

// The one inside `target T {}` holds instead.
bool is_overridden(const ir::Policy& policy, const ir::Default& general, std::string_view target) {
  return general.target.empty() && std::any_of(policy.defaults.begin(), policy.defaults.end(), [&](const ir::Default& other) {
           return other.target == target && other.klass == general.klass && other.call == general.call;
         });
}

std::vector<Feature> needed_for(const ir::Reaction& reaction) {
  std::vector<Feature> features;
  switch (reaction.kind) {
    case ir::Reaction::Kind::deny:
      if (!reaction.error_name.empty()) features.push_back(Feature::reaction_errno);
      break;
    case ir::Reaction::Kind::kill: features.push_back(Feature::reaction_kill); break;
    case ir::Reaction::Kind::hidden: features.push_back(Feature::reaction_hidden); break;
    case ir::Reaction::Kind::log: features.push_back(Feature::reaction_trial); break;
  }
  if (reaction.log && reaction.kind != ir::Reaction::Kind::log) features.push_back(Feature::reaction_log);
  return features;
}

bool looks_at(const Backend& backend, Feature feature) { return capability_of(backend, feature).support != ir::Verdict::unmediated; }

/// Does the target refuse anything of what the default is for?
bool concerns(const ir::Default& one, const Backend& backend) {
  if (one.call) return looks_at(backend, Feature::call);
  if (!one.klass) return true;
  switch (*one.klass) {
    case ir::AccessClass::file: return looks_at(backend, Feature::file_read);
    case ir::AccessClass::net: return looks_at(backend, Feature::net_connect);
    case ir::AccessClass::syscall: return looks_at(backend, Feature::call);
    case ir::AccessClass::process: return looks_at(backend, Feature::capability);
  }
  return true;
}

// What looks at objects and not at calls refuses with EACCES by itself.
bool is_usual(const ir::Reaction& reaction, const Backend& backend) {
  return reaction.kind == ir::Reaction::Kind::deny && reaction.error_name == "EACCES" && !looks_at(backend, Feature::call);
}

}  // namespace

bool is_trial(const ir::Policy& policy, std::string_view target) {
  return ir::reaction_for(policy, target, std::nullopt, std::nullopt).kind == ir::Reaction::Kind::log;
}

std::string trial_note(const Backend& backend) {
  const Capability& trial = capability_of(backend, Feature::reaction_trial);
  if (trial.support == ir::Verdict::exact) return "a trial: what the policy does not allow passes, and is logged";
  return fmt::format("`default log`: {}", trial.why);
}

std::vector<LostReaction> lost_reactions(const ir::Policy& policy, const Backend& backend) {
  std::vector<LostReaction> lost;
  for (const ir::Default& one : policy.defaults) {
    const bool is_in_force = one.target.empty() ? !is_overridden(policy, one, backend.name) : one.target == backend.name;
    if (!is_in_force || !concerns(one, backend) || is_usual(one.reaction, backend)) continue;
    for (const Feature feature : needed_for(one.reaction)) {
      if (capability_of(backend, feature).support == ir::Verdict::exact) continue;
      const auto same = std::find_if(lost.begin(), lost.end(), [&](const LostReaction& other) { return other.because == feature; });
      if (same == lost.end()) lost.push_back({feature, {format::text_of(policy.configuration.os, one)}});
      else same->said.push_back(format::text_of(policy.configuration.os, one));
    }
  }
  return lost;
}

}  // namespace polc::target
