// Sets of ranked parts in several planes: what decide() and compare() say of them, held to the definition by asking every
// access of a small world.
#include <doctest/doctest.h>

#include <algorithm>

#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "generators.hpp"

using namespace polc;

namespace {

using property::Random;

constexpr std::array<std::string_view, 7> patterns{"/a", "/a/*", "/a/**", "/**", "/a/b", "/*/b", "/a/b?"};
constexpr std::array<std::string_view, 7> paths{"/a", "/a/b", "/a/bc", "/a/d", "/a/b/c", "/d", "/d/b"};

sets::PathPattern pattern_of(std::string_view text) {
  const auto parsed = sets::parse_path_pattern({std::string(text), {}}, false);
  REQUIRE(parsed);
  REQUIRE(parsed->size() == 1);
  return parsed->front();
}

std::vector<sets::PathPattern> places(Random& random) {
  std::vector<sets::PathPattern> result{pattern_of(random.one_of(patterns))};
  if (random.chance(30)) result.push_back(pattern_of(random.one_of(patterns)));
  return result;
}

ir::Box box(Random& random) {
  switch (random.below(5)) {
    case 0: {
      ir::PairBox pair;
      pair.verbs = {FileVerb::rename};
      pair.from = places(random);
      pair.to = places(random);
      return pair;
    }
    case 1: {
      ir::NetBox net;
      net.verbs = {NetVerb::connect, NetVerb::bind};
      if (random.chance(50)) net.verbs.remove(NetVerb::bind);
      net.family = Family::inet;
      const auto low = static_cast<std::uint16_t>(random.below(4));
      net.ports = sets::PortSet::range(low, static_cast<std::uint16_t>(low + random.below(3)));
      return net;
    }
    case 2: {
      ir::Condition where;
      where.kind = ir::Condition::Kind::test;
      where.test.value = random.below(3);
      if (random.chance(40)) where.test.op = sets::Compare::greater;
      return ir::CallBox{{CallId{static_cast<std::uint16_t>(random.below(2))}}, random.chance(25) ? ir::Condition{} : where};
    }
    case 3: return ir::CapabilityBox{random.next() & 7};
    default: {
      ir::FileBox file;
      file.verbs = {FileVerb::read, FileVerb::write};
      if (random.chance(50)) file.verbs.remove(FileVerb::read);
      file.places = places(random);
      return file;
    }
  }
}

constexpr std::size_t planes = 3;
constexpr std::array<std::uint8_t, 4> ranks{0, 1, 140, 255};

eval::Formula formula(Random& random) {
  eval::Formula result;
  for (std::uint64_t n = 1 + random.below(2); n > 0; --n) {
    std::vector<std::uint8_t> product;
    for (std::uint8_t plane = 0; plane < planes; ++plane)
      if (random.chance(50)) product.push_back(plane);
    if (product.empty()) product.push_back(0);
    result.push_back(std::move(product));
  }
  return result;
}

eval::Meaning ranked(Random& random) {
  std::vector<eval::Part> parts;
  for (std::uint64_t n = 3 + random.below(12); n > 0; --n) {
    eval::Part part{random.chance(60) ? ir::Effect::allow : ir::Effect::deny, box(random), {ir::RuleId{0}}, false};
    part.rank = random.one_of(ranks);
    part.plane = static_cast<std::uint8_t>(random.below(planes));
    parts.push_back(std::move(part));
  }
  eval::Formulas formulas;
  formulas.possible = formula(random);
  formulas.sure = random.chance(50) ? formulas.possible : formula(random);
  return eval::make_meaning(std::move(parts), Os::linux_os, false, std::move(formulas));
}

/// By the definition: from the lowest rank up, what is allowed comes and what is denied goes.
bool holds(const eval::Meaning& meaning, const eval::Formula& formula, const ir::Point& point) {
  std::array<bool, planes> value{};
  for (std::size_t plane = 0; plane < planes; ++plane)
    for (const std::uint8_t rank : ranks)
      for (const ir::Effect effect : {ir::Effect::allow, ir::Effect::deny})
        for (const eval::Part& part : meaning.parts())
          if (part.plane == plane && part.rank == rank && part.effect == effect && ir::contains(part.box, point))
            value[plane] = effect == ir::Effect::allow;
  return std::any_of(formula.begin(), formula.end(), [&](const auto& product) {
    return std::all_of(product.begin(), product.end(), [&](std::uint8_t plane) { return value[plane]; });
  });
}

std::vector<ir::Point> world() {
  std::vector<ir::Point> points;
  for (const std::string_view path : paths) {
    for (const FileVerb verb : {FileVerb::read, FileVerb::write}) points.emplace_back(ir::FilePoint{verb, std::string(path)});
    for (const std::string_view to : paths)
      points.emplace_back(ir::PairPoint{FileVerb::rename, std::string(path), std::string(to)});
  }
  for (const NetVerb verb : {NetVerb::connect, NetVerb::bind})
    for (std::uint16_t port = 0; port < 8; ++port) {
      ir::NetPoint net;
      net.verb = verb;
      net.family = Family::inet;
      net.port = port;
      points.emplace_back(net);
    }
  for (std::uint16_t call = 0; call < 2; ++call)
    for (std::uint64_t value = 0; value < 5; ++value) points.emplace_back(ir::CallPoint{CallId{call}, {value}});
  for (std::uint8_t capability = 0; capability < 4; ++capability) points.emplace_back(ir::CapabilityPoint{capability});
  return points;
}

}  // namespace

TEST_CASE("decide: ranks, planes and formulas decide every access as they are defined") {
  const auto points = world();
  std::uint64_t allowed = 0, uncertain = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    Random random(seed);
    const eval::Meaning meaning = ranked(random);
    const eval::Formulas& formulas = meaning.order().formulas();
    for (const ir::Point& point : points) {
      const bool wanted = holds(meaning, formulas.possible, point), sure = holds(meaning, formulas.sure, point);
      const auto deciding = eval::deciding_parts(meaning, point);
      const auto is_on_its_side = [&](std::uint32_t place) { return (meaning.parts()[place].effect == ir::Effect::allow) == wanted; };
      const bool is_right = eval::decide(meaning, point).allowed == wanted && eval::surely_allows(meaning, point) == sure &&
                            std::all_of(deciding.begin(), deciding.end(), is_on_its_side) && !(wanted && deciding.empty());
      if (!is_right) FAIL("seed " << seed << ": " << format::text_of(Os::linux_os, point));
      allowed += wanted;
      uncertain += wanted != sure;
    }
  }
  CHECK(allowed > 3'000);
  CHECK(uncertain > 500);
}

TEST_CASE("compare: of ranked sets every witness is one, and no access of the world is missed") {
  const auto points = world();
  std::uint64_t found = 0, different = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    Random random(seed);
    const eval::Meaning left = ranked(random), right = ranked(random);
    const auto differs = [&](const ir::Point& point) {
      return holds(left, left.order().formulas().possible, point) && !holds(right, right.order().formulas().sure, point);
    };
    const eval::Meaning* const sides[] = {&left, &right};
    const eval::Term only_left{.in = eval::side(0), .out = eval::side(1)};
    sets::Budget budget;
    std::vector<ir::Point> witnesses;
    REQUIRE(eval::compare(sides, std::span(&only_left, 1), budget, [&](const ir::Point& point, eval::TermSet) {
      witnesses.push_back(point);
      return true;
    }));
    for (const ir::Point& witness : witnesses) {
      if (!differs(witness)) FAIL("seed " << seed << ": no difference at " << format::text_of(Os::linux_os, witness));
    }
    found += witnesses.size();
    for (const ir::Point& point : points) {
      if (!differs(point)) continue;
      ++different;
      const bool met = std::any_of(witnesses.begin(), witnesses.end(), [&](const ir::Point& w) { return w.index() == point.index(); });
      if (!met) FAIL("seed " << seed << ": missed " << format::text_of(Os::linux_os, point));
    }
  }
  CHECK(found > 1'000);
  CHECK(different > 1'000);
}

TEST_CASE("compare: more planes or ranks than it takes on end as too complex") {
  std::vector<eval::Part> parts;
  for (std::uint8_t plane = 0; plane < 20; ++plane) {
    eval::Part part{ir::Effect::allow, ir::CapabilityBox{1}, {ir::RuleId{0}}, false};
    part.plane = plane;
    parts.push_back(part);
  }
  const eval::Meaning many = eval::make_meaning(parts, Os::linux_os, false), none;
  const eval::Meaning* const sides[] = {&many, &none};
  sets::Budget budget;
  CHECK(!eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget));
  CHECK(budget.exhausted);
}
