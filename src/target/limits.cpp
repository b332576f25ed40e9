#include "target/limits.hpp"

#include <algorithm>

#include "eval/compare.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "target/points.hpp"

namespace polc::target {
namespace {

struct Raising {
  std::string_view call;
  std::uint8_t argument;  // which limit: setrlimit(2), prlimit(2)
};
constexpr Raising raising[] = {{"setrlimit", 0}, {"prlimit64", 1}};

/// Every call that could raise the limit.
eval::Meaning raised(const ir::Limit& limit, Os os) {
  std::vector<ir::Box> calls;
  for (const Raising& by : raising) {
    const auto call = knowledge::find_call(os, by.call);
    if (!call) continue;
    calls.emplace_back(ir::CallBox{{*call}, ir::test_of({by.argument, 0xFFFF'FFFF, sets::Compare::equal, limit.resource})});
  }
  return eval::set_of(std::move(calls), os);
}

}  // namespace

bool keeps_limits(const Backend& backend) { return capability_of(backend, Feature::limit).support == ir::Verdict::exact; }

std::vector<LostLimit> lost_limits(const ir::Policy& policy, std::span<const Judged> set, sets::Budget& budget) {
  std::vector<LostLimit> lost;
  if (std::any_of(set.begin(), set.end(), [](const Judged& one) { return keeps_limits(*one.backend); })) return lost;
  for (const ir::Limit& limit : policy.limits) {
    const eval::Meaning calls = raised(limit, policy.configuration.os);
    std::vector<const eval::Meaning*> sides{&calls};
    eval::Term all{.in = eval::side(0)};
    for (const Judged& one : set) {
      all.in |= eval::side(static_cast<unsigned>(sides.size()));
      sides.push_back(&one.outcome->permitted);
    }
    std::optional<ir::Point> witness;
    eval::compare_all_but_paths(sides, std::span(&all, 1), budget, [&](const ir::Point& point, eval::TermSet) {
      if (can_happen(policy.configuration, point)) witness = point;
      return !witness;
    });
    if (witness) lost.push_back({&limit, *std::move(witness)});
  }
  return lost;
}

const std::uint32_t* acceptance_of(const ir::Policy& policy, const ir::Limit& limit, std::span<const Judged> set) {
  const auto covers = [&](std::uint32_t place) {
    const ir::Accept& accept = policy.accepts[place];
    return is_open(accept.verdict) && std::any_of(set.begin(), set.end(), [&](const Judged& one) { return one.emitted && one.backend->name == accept.target; });
  };
  const auto found = std::find_if(limit.accepts.begin(), limit.accepts.end(), covers);
  return found == limit.accepts.end() ? nullptr : &*found;
}

}  // namespace polc::target
