#include "target/blind_ways.hpp"

#include "eval/compare.hpp"
#include "knowledge/relation.hpp"

namespace polc::target {
namespace {

std::vector<eval::Part> blind_calls(const ir::Policy& policy, const ir::Rule& rule) {
  const auto& [os, arch, variants] = policy.configuration;
  std::vector<eval::Part> calls;
  for (const ir::Act& act : rule.acts) {
    const auto rows = knowledge::find_rows(os, knowledge::Relation::blind, act.name, act.member);
    for (const knowledge::CallPattern& pattern : knowledge::patterns_of(rows, os, arch, {}))
      calls.push_back({ir::Effect::allow, ir::CallBox{{pattern.call}, ir::condition_of(pattern.where)}, {}, false});
  }
  return calls;
}

}  // namespace

std::optional<ir::Point> blind_way(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                   std::span<const eval::Meaning* const> permitted, sets::Budget& budget) {
  if (rule.effect != ir::Effect::deny || rule.acts.empty()) return std::nullopt;
  std::vector<eval::Part> calls = blind_calls(policy, rule);
  if (calls.empty()) return std::nullopt;
  const eval::Meaning ways = eval::make_meaning(std::move(calls), policy.configuration.os, false);
  std::vector<const eval::Meaning*> sides{&ways, &meaning};
  sides.insert(sides.end(), permitted.begin(), permitted.end());
  eval::Term all;
  for (unsigned i = 0; i < sides.size(); ++i) all.in |= eval::side(i);
  return eval::find_access(sides, all, budget);
}

}  // namespace polc::target
