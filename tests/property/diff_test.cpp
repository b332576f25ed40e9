// `polc diff` over generated policies, held to single accesses: it names every change, and nothing else where it says `whole`.
#include <doctest/doctest.h>

#include <algorithm>

#include "diff/changes.hpp"
#include "probes.hpp"
#include "format/raise.hpp"
#include "generators.hpp"

using namespace polc;

namespace {

constexpr std::array systems{Os::linux_os, Os::openbsd};

std::vector<ir::Point> probes_of(const eval::Meaning& one, const eval::Meaning& other) {
  std::vector<ir::Point> points = property::probes_for(one.parts(), one.os(), 400);
  for (auto& point : property::probes_for(other.parts(), other.os(), 400)) points.push_back(std::move(point));
  return points;
}

bool holds(const diff::Change& change, const ir::Point& point) {
  const auto is_in = [&](const ir::Box& box) { return ir::contains(box, point); };
  return is_in(change.box) && std::none_of(change.except.begin(), change.except.end(), is_in);
}

// Of two policies, or of one and itself with a rule taken away, turned round or given to it.
ir::Policy changed(ir::Policy policy, std::uint64_t seed, Os os) {
  const std::size_t place = seed % policy.rules.size();
  switch (seed % 4) {
    case 0: return property::Generator(seed + 1'000'000, os).policy();
    case 1: policy.rules.erase(policy.rules.begin() + static_cast<std::ptrdiff_t>(place)); return policy;
    case 2: policy.rules[place].effect = policy.rules[place].effect == ir::Effect::allow ? ir::Effect::deny : ir::Effect::allow; return policy;
    default: policy.rules.push_back(property::Generator(seed + 1'000'000, os).policy().rules.front()); return policy;
  }
}

}  // namespace

TEST_CASE("changes_between: every access that is decided differently is in a change, and a whole change holds no other") {
  std::uint64_t asked = 0, different = 0, whole = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const Os os = systems[seed % 2];
    const ir::Policy policy = property::Generator(seed, os).policy();
    if (policy.rules.empty()) continue;
    const ir::Policy other = changed(policy, seed, os);
    const eval::Meaning before = eval::meaning_of(policy), now = eval::meaning_of(other);
    sets::Budget budget{.steps = 200'000'000};
    const auto changes = diff::changes_between(before, now, budget);
    REQUIRE_MESSAGE(changes.has_value(), "seed " << seed);
    all += changes->size();
    for (const auto& change : *changes) {
      whole += change.whole;
      const bool gained = change.direction == diff::Direction::gained;
      REQUIRE_MESSAGE(holds(change, change.example), "seed " << seed);
      REQUIRE(eval::decide(now, change.example).allowed == gained);
      REQUIRE(eval::decide(before, change.example).allowed == !gained);
    }
    for (const auto& point : probes_of(before, now)) {
      ++asked;
      const bool was = eval::decide(before, point).allowed, is = eval::decide(now, point).allowed;
      different += was != is;
      bool named = false;
      for (const auto& change : *changes) {
        if (!holds(change, point)) continue;
        const bool gained = change.direction == diff::Direction::gained;
        named |= gained == is && was != is;
        if (change.whole && (is != gained || was == is))
          FAIL("seed " << seed << ": not changed: " << format::text_of(os, point) << "\n" << format::dump(policy) << format::dump(other));
      }
      if (was != is && !named)
        FAIL("seed " << seed << ": not named: " << format::text_of(os, point) << "\n" << format::dump(policy) << format::dump(other));
    }
  }
  MESSAGE(asked << " accesses, " << different << " of them changed; " << all << " changes, " << whole << " of them whole");
  CHECK(asked > 100'000);
  CHECK(different > 2'000);
  CHECK(whole * 2 > all);
}

TEST_CASE("changes_between: nothing, of a policy and itself in another order") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const ir::Policy policy = property::Generator(seed, systems[seed % 2]).policy();
    ir::Policy reversed = policy;
    std::reverse(reversed.rules.begin(), reversed.rules.end());
    sets::Budget budget{.steps = 200'000'000};
    const auto changes = diff::changes_between(eval::meaning_of(policy), eval::meaning_of(reversed), budget);
    REQUIRE(changes.has_value());
    CHECK_MESSAGE(changes->empty(), "seed " << seed);
  }
}
