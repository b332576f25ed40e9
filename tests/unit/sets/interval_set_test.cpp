#include "sets/interval_set.hpp"

#include <doctest/doctest.h>

namespace polc::sets {
namespace {

PortSet from_bits(unsigned bits) {
  std::vector<Interval<std::uint16_t>> parts;
  for (std::uint16_t i = 0; i < 8; ++i)
    if ((bits >> i & 1) != 0)
      parts.push_back({static_cast<std::uint16_t>(i * 8192), static_cast<std::uint16_t>(i * 8192 + 8191)});
  return PortSet::from(std::move(parts));
}

}  // namespace

TEST_CASE("IntervalSet: the algebra of eight blocks is that of eight bits") {
  for (unsigned a = 0; a < 256; ++a) {
    CHECK(from_bits(a).complement() == from_bits(~a & 255));
    for (unsigned b = 0; b < 256; ++b) {
      REQUIRE((from_bits(a) | from_bits(b)) == from_bits(a | b));
      REQUIRE((from_bits(a) & from_bits(b)) == from_bits(a & b));
      REQUIRE((from_bits(a) - from_bits(b)) == from_bits(a & ~b));
      REQUIRE(from_bits(a).includes(from_bits(b)) == ((b & ~a) == 0));
      REQUIRE(from_bits(a).meets(from_bits(b)) == ((a & b) != 0));
    }
  }
}

TEST_CASE("IntervalSet: neighbours melt, and both ends of the numbers are reached") {
  CHECK((PortSet::range(1, 4) | PortSet::of(5)) == PortSet::range(1, 5));
  CHECK((PortSet::range(0, 9) | PortSet::range(10, 65535)).is_all());
  CHECK(PortSet::all().complement().empty());
  CHECK(PortSet::range(5, 4).empty());
  CHECK(PortSet::of(65535).contains(65535));
  CHECK_FALSE(PortSet::of(65535).contains(0));
  CHECK(PortSet::of(7).lowest() == std::uint16_t{7});
  CHECK_FALSE(PortSet::none().lowest().has_value());
  CHECK(Ip6Set::all().complement().empty());
}

}  // namespace polc::sets
