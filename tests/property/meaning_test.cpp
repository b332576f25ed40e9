// The meaning of generated policies, held to the definition: [[P]] = C(A - D) - D, decided by asking every box.
#include <doctest/doctest.h>

#include <algorithm>

#include "eval/compare.hpp"
#include "probes.hpp"
#include "format/raise.hpp"
#include "generators.hpp"

using namespace polc;

namespace {

constexpr std::array systems{Os::linux_os, Os::openbsd};

struct Touched {
  bool allowed = false, denied = false;
};

Touched written(const eval::Meaning& meaning, const ir::Point& point) {
  Touched result;
  for (const auto& part : meaning.parts())
    if (ir::contains(part.box, point)) (part.effect == ir::Effect::allow ? result.allowed : result.denied) = true;
  return result;
}

// By the definition, without the index.
bool allowed(const eval::Meaning& meaning, const ir::Point& point) {
  const Touched here = written(meaning, point);
  if (here.denied) return false;
  if (here.allowed) return true;
  for (const auto& bringer : eval::bringers_of(meaning, point)) {
    const Touched there = written(meaning, bringer);
    if (there.allowed && !there.denied) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("decide: the index answers as the boxes do") {
  std::uint64_t asked = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const ir::Policy policy = property::Generator(seed, systems[seed % 2]).policy();
    const eval::Meaning meaning = eval::meaning_of(policy);
    for (const auto& point : property::probes_for(meaning.parts(), meaning.os(), 800)) {
      ++asked;
      if (eval::decide(meaning, point).allowed != allowed(meaning, point))
        FAIL("seed " << seed << ": " << format::text_of(meaning.os(), point) << "\n" << format::dump(policy));
    }
  }
  CHECK(asked > 100'000);
}

TEST_CASE("meaning: the order of rules changes nothing") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const ir::Policy policy = property::Generator(seed, systems[seed % 2]).policy();
    ir::Policy reversed = policy;
    std::reverse(reversed.rules.begin(), reversed.rules.end());
    const eval::Meaning one = eval::meaning_of(policy), other = eval::meaning_of(reversed);
    for (const auto& point : property::probes_for(one.parts(), one.os(), 500))
      REQUIRE(eval::decide(one, point).allowed == eval::decide(other, point).allowed);
    const eval::Meaning* const sides[] = {&one, &other};
    const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
    sets::Budget budget;
    bool different = false;
    CHECK(eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet) { return !(different = true); }));
    CHECK_MESSAGE(!different, format::dump(policy));
  }
}

TEST_CASE("compare: every witness is one, and no probe knows a difference that it missed") {
  std::uint64_t found = 0, different = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const Os os = systems[seed % 2];
    const ir::Policy a = property::Generator(seed, os).policy(), b = property::Generator(seed + 1'000'000, os).policy();
    const eval::Meaning left = eval::meaning_of(a), right = eval::meaning_of(b);
    const eval::Meaning* const sides[] = {&left, &right};
    const eval::Term only_left{.in = eval::side(0), .out = eval::side(1)};
    sets::Budget budget;
    std::vector<ir::Point> witnesses;
    REQUIRE(eval::compare(sides, std::span(&only_left, 1), budget, [&](const ir::Point& point, eval::TermSet) {
      witnesses.push_back(point);
      return witnesses.size() < 5000;
    }));
    for (const auto& witness : witnesses) {
      ++found;
      if (!eval::decide(left, witness).allowed || eval::decide(right, witness).allowed)
        FAIL("seed " << seed << ": no difference at " << format::text_of(os, witness) << "\n" << format::dump(a) << format::dump(b));
    }
    for (const auto& point : property::probes_for(left.parts(), os, 500)) {
      if (!eval::decide(left, point).allowed || eval::decide(right, point).allowed) continue;
      ++different;
      const bool met = std::any_of(witnesses.begin(), witnesses.end(), [&](const ir::Point& w) { return w.index() == point.index(); });
      if (!met) FAIL("seed " << seed << ": missed " << format::text_of(os, point) << "\n" << format::dump(a) << format::dump(b));
    }
  }
  CHECK(found > 1000);
  CHECK(different > 1000);
}
