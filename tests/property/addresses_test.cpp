// compare() over internet addresses, held to asking every cell: where each address, port, socket and verb that some part tells apart is
// asked of every part. Each part must be met where it is alone, and each answer must be the cell's.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "generators.hpp"

using namespace polc;

namespace {

using property::Random;

constexpr std::uint32_t addresses = 8;
constexpr std::uint16_t ports = 8;

template <class Set>
Set few_of(Random& random, std::uint64_t end) {
  Set result = Set::none();
  for (std::uint64_t n = 1 + random.below(2); n > 0; --n) {
    const auto low = random.below(end);
    result = result | Set::range(static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(low + random.below(3)));
  }
  return random.chance(25) ? Set::all() : random.chance(20) ? result.complement() : result;
}

ir::NetBox box(Random& random) {
  ir::NetBox net;
  net.family = random.chance(80) ? Family::inet : Family::inet6;
  net.verbs = NetVerbs::from_bits(static_cast<std::uint32_t>(1 + random.below(63)));
  if (random.chance(60)) net.verbs = random.chance(50) ? NetVerbs{NetVerb::connect} : NetVerbs{NetVerb::bind};
  net.types = random.chance(50) ? SocketTypes::all() : random.chance(50) ? SocketTypes{SocketType::stream} : SocketTypes{SocketType::dgram};
  if (random.chance(40)) net.protocols = sets::NumberSet::of(random.chance(50) ? 6 : 17) | sets::NumberSet::of(0);
  net.ip4 = few_of<sets::Ip4Set>(random, addresses);
  net.ip6 = few_of<sets::Ip6Set>(random, addresses);
  net.ports = few_of<sets::PortSet>(random, ports);
  return net;
}

eval::Meaning meaning(Random& random, bool has_ranks) {
  std::vector<eval::Part> parts;
  for (std::uint64_t n = 2 + random.below(8); n > 0; --n) {
    eval::Part part{random.chance(70) ? ir::Effect::allow : ir::Effect::deny, box(random), {ir::RuleId{0}}, false};
    if (has_ranks) part.rank = static_cast<std::uint8_t>(random.below(2)), part.plane = static_cast<std::uint8_t>(random.below(2));
    parts.push_back(std::move(part));
  }
  eval::Formulas formulas;
  if (has_ranks) formulas.possible = formulas.sure = {{0}, {1}};
  return eval::make_meaning(std::move(parts), Os::linux_os, !has_ranks && random.chance(50), std::move(formulas));
}

using Sides = std::span<const eval::Meaning* const>;

eval::TermSet terms_at(Sides sides, std::span<const eval::Term> terms, const ir::Point& point) {
  eval::TermSet result = 0;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    bool holds = true;
    for (unsigned i = 0; i < sides.size(); ++i) {
      const bool allowed = eval::decide(*sides[i], point).allowed;
      const auto at = eval::parts_at(*sides[i], point);
      const bool denied = std::any_of(at.begin(), at.end(), [&](std::uint32_t place) { return sides[i]->parts()[place].names_denied(); });
      holds &= ((terms[t].in >> i) & 1u) == 0 || allowed;
      holds &= ((terms[t].out >> i) & 1u) == 0 || !allowed;
      holds &= ((terms[t].denied >> i) & 1u) == 0 || denied;
    }
    if (holds) result |= eval::TermSet{1} << t;
  }
  return result;
}

/// The parts that speak of the access, and of the one that brings it.
using Blamed = std::set<std::pair<std::size_t, std::uint32_t>>;
Blamed blamed_at(Sides sides, const ir::Point& point) {
  Blamed result;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    for (const std::uint32_t place : eval::parts_at(*sides[i], point)) result.emplace(i, place);
    for (const ir::Point& bringer : eval::bringers_of(*sides[i], point))
      for (const std::uint32_t place : eval::parts_at(*sides[i], bringer)) result.emplace(i, place);
  }
  return result;
}

using Kind = std::tuple<NetVerb, Family, SocketType, std::uint32_t>;
Kind kind_of(const ir::NetPoint& point) { return {point.verb, point.family, point.type, point.protocol}; }

template <class Visit>
void for_each_cell(const Visit& visit) {
  ir::NetPoint point;
  for (const Family family : {Family::inet, Family::inet6})
    for (std::uint32_t address = 0; address < addresses + 4; ++address)
      for (std::uint16_t port = 0; port < ports + 4; ++port)
        for (const SocketType type : {SocketType::stream, SocketType::dgram, SocketType::raw})
          for (const std::uint32_t protocol : {0u, 6u, 7u, 17u, 18u})
            NetVerbs::all().for_each([&](NetVerb verb) {
              point.family = family;
              point.port = port;
              point.type = type;
              point.protocol = protocol;
              point.verb = verb;
              point.ip4 = family == Family::inet ? address : 0;
              point.ip6 = family == Family::inet6 ? address : 0;
              visit(point);
            });
}

}  // namespace

TEST_CASE("compare: addresses are met as if each cell were asked, and each group of parts where it is alone") {
  std::uint64_t cells = 0, visits = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const eval::Meaning one = meaning(random, seed % 3 == 0), other = meaning(random, seed % 5 == 0);
    const eval::Meaning* const sides[] = {&one, &other};
    const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)},
                                {.in = eval::side(0), .denied = eval::side(1)}};
    std::map<Kind, std::set<std::pair<eval::TermSet, Blamed>>> met;
    sets::Budget budget;
    REQUIRE(eval::compare_all_but_paths(sides, terms, budget, [&](const ir::Point& point, eval::TermSet holding) {
      if (holding != terms_at(sides, terms, point)) FAIL("seed " << seed << ": another answer at " << format::text_of(Os::linux_os, point));
      met[kind_of(std::get<ir::NetPoint>(point))].emplace(holding, blamed_at(sides, point));
      return ++visits, true;
    }));
    for_each_cell([&](const ir::NetPoint& point) {
      const eval::TermSet wanted = terms_at(sides, terms, point);
      if (wanted == 0) return;
      ++cells;
      if (!met[kind_of(point)].contains({wanted, blamed_at(sides, point)}))
        FAIL("seed " << seed << ": missed " << format::text_of(Os::linux_os, ir::Point(point)));
    });
  }
  CHECK(cells > 50'000);
  CHECK(visits > 1'000);
}
