#include "apparmor/read.hpp"

#include <algorithm>
#include <iterator>

#include "apparmor/permits.hpp"

namespace polc::apparmor {
namespace {

// What a rule refuses by name is refused silently, unless the rule says `audit`; all else that is refused is logged.
std::optional<target::Answer> silence_of(const ReadProfile& profile, const PolicyNames& names) {
  ReadProfile denies;
  denies.name = profile.name;
  denies.policy = profile.policy;
  denies.abi = profile.abi;
  bool any = false;
  const auto invert = [&any](const auto& rules, auto& into) {
    for (const auto& rule : rules) {
      if (!rule.deny) continue;
      any = true;
      into.push_back(rule);
      into.back().deny = rule.audit;  // of two that refuse the same, the one that is told counts
    }
  };
  invert(profile.paths, denies.paths);
  invert(profile.links, denies.links);
  invert(profile.networks, denies.networks);
  invert(profile.capabilities, denies.capabilities);
  invert(profile.peers, denies.peers);
  invert(profile.words, denies.words);
  if (!any) return std::nullopt;
  const eval::Meaning refused = permitted_by(denies, names);
  std::vector<eval::Part> parts;
  std::copy_if(refused.parts().begin(), refused.parts().end(), std::back_inserter(parts), [](const eval::Part& part) { return part.line != 0; });
  return target::Answer{"quiet", 0, eval::make_meaning(std::move(parts), Os::linux_os, false, refused.order().formulas())};
}

}  // namespace

target::Read read(std::string_view text, const ir::Configuration&, const target::Settings& settings) {
  const std::vector<std::string>& included = options_of(settings).abstractions;
  auto profile = profile_from(text, {included.begin(), included.end()}, settings.includes);
  if (!profile) return tl::unexpected(profile.error());
  std::map<std::string, std::string> others;
  for (const auto& [policy, options] : settings.siblings) others.emplace(sibling_name(policy, settings), policy);
  const PolicyNames names(*profile, std::move(others));
  target::Reading reading{permitted_by(*profile, names), {}, profile->directives, profile->unknown, profile->unenforced};
  if (auto silence = silence_of(*profile, names)) reading.answers.push_back(*std::move(silence));
  return reading;
}

}  // namespace polc::apparmor
