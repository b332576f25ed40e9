// Each pass of the optimiser, alone and all of them in a row, on generated policies: no decision changes, asked at every
// constant, its neighbours, each path and its sibling, and decided for all accesses by the algebra. A new row of the table
// is tested without a new line here.
#include <doctest/doctest.h>

#include <algorithm>

#include "eval/compare.hpp"
#include "probes.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "opt/pipeline.hpp"

using namespace polc;

namespace {

constexpr std::array systems{Os::linux_os, Os::openbsd};
constexpr std::uint64_t policies = 400;

// Pools of this generator are small, but a rule in it is seldom twice in one policy: written twice, everything overlaps.
ir::Policy policy_for(std::uint64_t seed) {
  ir::Policy policy = property::Generator(seed, systems[seed % 2]).policy();
  const ir::Policy more = property::Generator(seed + 10'000'000, systems[seed % 2]).policy();
  policy.rules.insert(policy.rules.end(), more.rules.begin(), more.rules.end());
  if (seed % 3 == 0 && !policy.rules.empty()) {
    ir::Rule again = policy.rules.front();
    again.effect = again.effect == ir::Effect::allow ? ir::Effect::deny : ir::Effect::allow;
    policy.rules.push_back(again);
    policy.rules.push_back(policy.rules[policy.rules.size() / 2]);
  }
  return policy;
}

// Where two meanings differ, if anywhere.
std::optional<ir::Point> difference(const eval::Meaning& before, const eval::Meaning& after) {
  for (const auto& point : property::probes_for(before.parts(), before.os(), 600))
    if (eval::decide(before, point).allowed != eval::decide(after, point).allowed) return point;
  const eval::Meaning* const sides[] = {&before, &after};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  std::optional<ir::Point> found;
  const bool complete = eval::compare(sides, terms, budget, [&](const ir::Point& point, eval::TermSet) {
    found = point;
    return false;
  });
  REQUIRE((complete || found));
  return found;
}

void same_decisions(std::uint64_t seed, const ir::Policy& policy, const eval::Meaning& before, opt::Parts parts) {
  const auto rules_of = [](const opt::Parts& some) {
    std::vector<ir::RuleId> rules;
    for (const auto& part : some) rules.insert(rules.end(), part.rules.begin(), part.rules.end());
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    return rules;
  };
  const auto known = rules_of(before.parts()), kept = rules_of(parts);
  REQUIRE(std::includes(known.begin(), known.end(), kept.begin(), kept.end()));
  for (const auto& part : parts) REQUIRE(!part.rules.empty());
  const eval::Meaning after = eval::make_meaning(std::move(parts), before.os(), true);
  if (const auto point = difference(before, after))
    FAIL("seed " << seed << ": " << format::text_of(before.os(), *point) << "\n" << format::dump(policy));
}

}  // namespace

TEST_CASE("passes: none changes a decision, and each finds work") {
  for (const opt::Pass& pass : opt::passes()) {
    CAPTURE(pass.name);
    std::uint64_t changed = 0;
    for (std::uint64_t seed = 1; seed <= policies; ++seed) {
      const ir::Policy policy = policy_for(seed);
      const eval::Meaning before = eval::meaning_of(policy);
      opt::Parts parts = pass.run(before.parts());
      bool same = parts.size() == before.parts().size();
      for (std::size_t i = 0; same && i < parts.size(); ++i) same = parts[i].box == before.parts()[i].box;
      if (same) continue;
      ++changed;
      same_decisions(seed, policy, before, std::move(parts));
    }
    CHECK(changed >= 10);
  }
}

TEST_CASE("passes: all of them in a row change no decision") {
  std::uint64_t fewer = 0;
  for (std::uint64_t seed = 1; seed <= policies; ++seed) {
    const ir::Policy policy = policy_for(seed);
    const eval::Meaning before = eval::meaning_of(policy);
    opt::Parts once = opt::optimise(before.parts());
    fewer += once.size() < before.parts().size();
    same_decisions(seed, policy, before, std::move(once));
  }
  CHECK(fewer > policies / 2);
}
