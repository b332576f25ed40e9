#include "sets/arguments.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace polc::sets {
namespace {

constexpr std::array operators{Compare::equal,      Compare::not_equal, Compare::less,
                               Compare::less_equal, Compare::greater,   Compare::greater_equal};

template <class Number>
bool holds(Number left, Compare op, Number right) {
  switch (op) {
    case Compare::equal: return left == right;
    case Compare::not_equal: return left != right;
    case Compare::less: return left < right;
    case Compare::less_equal: return left <= right;
    case Compare::greater: return left > right;
    case Compare::greater_equal: return left >= right;
  }
  return false;
}

bool expected(std::uint64_t argument, std::uint64_t mask, Compare op, std::uint64_t value, unsigned width,
              bool is_signed) {
  const std::uint64_t left = argument & mask;
  if (width == 64) {
    if (is_signed) return holds(static_cast<std::int64_t>(left), op, static_cast<std::int64_t>(value));
    return holds(left, op, value);
  }
  const auto low = static_cast<std::uint32_t>(left);
  if (is_signed) return holds<std::int64_t>(static_cast<std::int32_t>(low), op, static_cast<std::int32_t>(value));
  return holds<std::uint64_t>(low, op, value);
}

}  // namespace

TEST_CASE("compare: every operator, width and sign at the numbers where they differ") {
  const std::vector<std::uint64_t> numbers{0,
                                           1,
                                           2,
                                           3,
                                           0x7FFFFFFE,
                                           0x7FFFFFFF,
                                           0x80000000,
                                           0xFFFFFFFE,
                                           0xFFFFFFFF,
                                           0x100000000,
                                           0x100000001,
                                           0x7FFFFFFFFFFFFFFF,
                                           0x8000000000000000,
                                           0xFFFFFFFF80000000,
                                           0xFFFFFFFFFFFFFFFF};
  const std::vector<std::uint64_t> masks{~std::uint64_t{0}, 0xFFFFFFFF, 1, 0xF0, 0x80000001, 0xFFFFFFFF00000000, 0};
  ArgumentSpace space;
  std::size_t evaluated = 0;
  for (const bool is_signed : {false, true})
    for (const unsigned width : {32u, 64u})
      for (const auto mask : masks)
        for (const auto value : numbers)
          for (const auto op : operators) {
            // As a signed int, 2^32 is no value at all: what the test's casts make of it says nothing.
            const auto signed_value = static_cast<std::int64_t>(value);
            if (is_signed && width == 32 && (signed_value > 0xFFFFFFFF || signed_value < INT32_MIN)) continue;
            const auto set = space.compare(3, mask, op, value, width, is_signed);
            for (const auto argument : numbers) {
              INFO(argument, " & ", mask, " against ", value, " width ", width, " signed ", is_signed);
              REQUIRE(space.contains(set, {7, 7, 7, argument, 7, 7}) ==
                      expected(argument, mask, op, value, width, is_signed));
              ++evaluated;
            }
          }
  CHECK(evaluated > 30'000);
  CHECK_FALSE(space.exhausted());
}

TEST_CASE("compare: a value out of the width's range is decided as a number") {
  ArgumentSpace space;
  const std::uint64_t big = 0x100000000;
  CHECK(space.compare(0, ~0ull, Compare::equal, big, 32) == ArgumentSpace::none);
  CHECK(space.compare(0, ~0ull, Compare::less, big, 32) == ArgumentSpace::all);
  CHECK(space.compare(0, ~0ull, Compare::greater_equal, big, 32) == ArgumentSpace::none);
  CHECK(space.compare(0, ~0ull, Compare::greater, 0xFFFFFFFF00000000, 32, true) == ArgumentSpace::all);
}

TEST_CASE("equal sets have equal ids, whatever way they were made") {
  ArgumentSpace space;
  const auto below = space.compare(0, ~0ull, Compare::less, 10);
  const auto from = space.compare(0, ~0ull, Compare::greater_equal, 5);
  auto listed = ArgumentSpace::none;
  for (std::uint64_t n = 5; n < 10; ++n) listed = space.disjunction(listed, space.compare(0, ~0ull, Compare::equal, n));
  CHECK(space.conjunction(below, from) == listed);
  CHECK(space.complement(space.complement(listed)) == listed);
  CHECK(space.difference(listed, below) == ArgumentSpace::none);
  CHECK(space.disjunction(listed, space.complement(listed)) == ArgumentSpace::all);
  const auto even = space.compare(0, 1, Compare::equal, 0), odd = space.compare(0, 1, Compare::equal, 1);
  CHECK(space.disjunction(even, odd) == ArgumentSpace::all);
  CHECK(space.complement(even) == odd);
}

TEST_CASE("random formulas agree with their evaluation, and every witness is a member") {
  std::mt19937 random(6);
  for (int round = 0; round < 200; ++round) {
    ArgumentSpace space;
    struct Term {
      unsigned index;
      std::uint64_t mask, value;
      Compare op;
    };
    std::vector<Term> terms;
    for (int i = 0; i < 6; ++i)
      terms.push_back({static_cast<unsigned>(random() % 3), random() % 2 ? ~0ull : random() % 16, random() % 8,
                       operators[random() % operators.size()]});
    const auto set_of = [&](const Term& t) { return space.compare(t.index, t.mask, t.op, t.value); };
    // (t0 and not t1) or (t2 and t3), minus (t4 and t5)
    const auto left = space.disjunction(space.difference(set_of(terms[0]), set_of(terms[1])),
                                        space.conjunction(set_of(terms[2]), set_of(terms[3])));
    const auto set = space.difference(left, space.conjunction(set_of(terms[4]), set_of(terms[5])));
    bool some = false;
    for (std::uint64_t n = 0; n < 4096; ++n) {
      const Arguments arguments{n & 15, n >> 4 & 15, n >> 8, 0, 0, 0};
      const auto t = [&](std::size_t i) {
        return holds(arguments[terms[i].index] & terms[i].mask, terms[i].op, terms[i].value);
      };
      const bool wanted = ((t(0) && !t(1)) || (t(2) && t(3))) && !(t(4) && t(5));
      some = some || wanted;
      REQUIRE(space.contains(set, arguments) == wanted);
    }
    const auto witness = space.witness(set);
    if (some) REQUIRE(witness.has_value());
    if (witness) REQUIRE(space.contains(set, *witness));
  }
}

TEST_CASE("a witness has free bits 0") {
  ArgumentSpace space;
  const auto set =
      space.conjunction(space.compare(1, 0xF0, Compare::equal, 0x30), space.compare(4, ~0ull, Compare::greater, 5));
  CHECK(space.witness(set) == Arguments{0, 0x30, 0, 0, 6, 0});
  CHECK(space.witness(ArgumentSpace::all) == Arguments{});
  CHECK_FALSE(space.witness(ArgumentSpace::none).has_value());
}

TEST_CASE("200 ioctl numbers are few nodes; hundreds of random masks end at the limit") {
  ArgumentSpace ioctls;
  auto set = ArgumentSpace::none;
  for (std::uint64_t n = 0; n < 200; ++n)
    set = ioctls.disjunction(set, ioctls.compare(1, ~0ull, Compare::equal, 0x5400 + 3 * n, 32));
  CHECK(ioctls.size() < 20'000);
  CHECK_FALSE(ioctls.exhausted());

  ArgumentSpace hostile;
  std::mt19937_64 random(1);
  set = ArgumentSpace::none;
  for (int i = 0; i < 400 && !hostile.exhausted(); ++i)
    set = hostile.disjunction(set, hostile.compare(0, random(), Compare::equal, random() & random() & random()));
  for (int i = 0; i < 400 && !hostile.exhausted(); ++i) {
    const std::uint64_t mask = random() & random();
    set = hostile.disjunction(set, hostile.compare(0, mask, Compare::equal, random() & mask));
  }
  CHECK(hostile.exhausted());
  CHECK(hostile.size() <= ArgumentSpace::most_nodes);
}

}  // namespace polc::sets

namespace polc::sets {

TEST_CASE("import: a set is the same in another space, and equal to no other one") {
  ArgumentSpace a, b;
  b.compare(3, ~0ull, Compare::less, 77);  // so that ids differ
  const auto range = a.conjunction(a.compare(1, ~0ull, Compare::greater, 5), a.compare(4, 0xFF, Compare::equal, 7));
  const auto there = b.import(a, range);
  CHECK(there == b.conjunction(b.compare(1, ~0ull, Compare::greater, 5), b.compare(4, 0xFF, Compare::equal, 7)));
  CHECK(ArgumentSpace::are_equal(a, range, b, there));
  CHECK_FALSE(ArgumentSpace::are_equal(a, range, b, b.complement(there)));
  CHECK(a.digest(range) == b.digest(there));
  CHECK(a.digest(range) != b.digest(b.complement(there)));
  CHECK(b.import(a, ArgumentSpace::all) == ArgumentSpace::all);
}

TEST_CASE("import: with places, the arguments whose words are in the set once they are moved there") {
  using From = ArgumentSpace::Half::From;
  ArgumentSpace registers, arguments;
  ArgumentSpace::Halves places;  // word 0 and 1 exchanged, word 2 the halves of argument 2 in words 2 and 3, the rest zero
  places[0] = {{{From::word, 1, false}, {From::word, 1, true}}};
  places[1] = {{{From::word, 0, false}, {From::word, 0, true}}};
  places[2][0] = {From::word, 2, false};
  places[3][0] = {From::word, 2, true};
  places[4][0] = {From::any, 0, false};
  const auto set = registers.conjunction(registers.compare(0, ~0ull, Compare::equal, 9),
                                         registers.conjunction(registers.compare(3, ~0ull, Compare::equal, 1), registers.compare(4, ~0ull, Compare::equal, 6)));
  const auto moved = arguments.import(registers, set, &places);
  CHECK(moved == arguments.conjunction(arguments.compare(1, ~0ull, Compare::equal, 9), arguments.compare(2, 0xFFFF'FFFF'0000'0000u, Compare::equal, 1ull << 32)));
  CHECK(arguments.import(registers, registers.compare(5, ~0ull, Compare::greater, 0), &places) == ArgumentSpace::none);
}

TEST_CASE("values: what a word may be, whatever the others are") {
  ArgumentSpace space;
  using Values = IntervalSet<std::uint64_t>;
  CHECK(*space.values(space.all, 2, 32) == Values::range(0, 0xFFFF'FFFF));
  CHECK(*space.values(space.none, 2, 32) == Values::none());
  const auto nine = space.compare(2, 0xFFFF'FFFF, Compare::equal, 9);
  const auto with_other = space.conjunction(nine, space.compare(4, ~0ull, Compare::equal, 3));
  const auto either = space.disjunction(with_other, space.compare(1, ~0ull, Compare::equal, 5));
  CHECK(*space.values(with_other, 2, 32) == Values::of(9));
  CHECK(*space.values(with_other, 4, 64) == Values::of(3));
  CHECK(*space.values(either, 2, 32) == Values::range(0, 0xFFFF'FFFF));
  CHECK(*space.values(space.compare(2, ~0ull, Compare::equal, 0x1'0000'0009), 2, 32) == Values::of(9));
  CHECK(*space.values(space.compare(2, ~0ull, Compare::equal, 0x1'0009), 2, 16) == Values::of(9));
  const auto between = space.conjunction(space.compare(3, ~0ull, Compare::greater, 6), space.compare(3, ~0ull, Compare::less_equal, 20));
  CHECK(*space.values(space.difference(between, space.compare(3, ~0ull, Compare::equal, 11)), 3, 64) == (Values::range(7, 10) | Values::range(12, 20)));
  CHECK_FALSE(space.values(space.compare(0, 0x5555'5555, Compare::equal, 0), 0, 32));  // 65,536 numbers
}

TEST_CASE("products: they make up the set, of many so many are told") {
  ArgumentSpace space;
  const auto two = space.disjunction(space.compare(0, ~0ull, Compare::equal, 1), space.compare(0, ~0ull, Compare::equal, 8));
  const auto products = space.products(two, 10);
  REQUIRE(products.size() == 2);
  CHECK(products[0].values[0] == 1);
  CHECK(products[1].values[0] == 8);
  CHECK(products[1].masks[0] == ~0ull);
  CHECK(space.products(space.compare(0, ~0ull, Compare::not_equal, 5), 6).size() == 6);
  CHECK(space.products(ArgumentSpace::none, 6).empty());
}

}  // namespace polc::sets
