#include "support/strong_id.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <type_traits>
#include <unordered_set>

namespace {
struct RuleTag;
struct SourceTag;
using RuleId = polc::StrongId<RuleTag>;
using SourceId = polc::StrongId<SourceTag, std::uint16_t>;
}  // namespace

TEST_CASE("StrongId: ids of two kinds are neither equal nor convertible, and no number is an id by accident") {
  static_assert(!std::is_same_v<RuleId, SourceId>);
  static_assert(!std::is_convertible_v<RuleId, SourceId>);
  static_assert(!std::is_constructible_v<RuleId, SourceId>);
  static_assert(!std::is_convertible_v<int, RuleId>);
  static_assert(!std::is_convertible_v<RuleId, int>);
  static_assert(sizeof(SourceId) == sizeof(std::uint16_t));
}

TEST_CASE("StrongId: compares by value and starts at 0") {
  CHECK(RuleId{} == RuleId{0});
  CHECK(RuleId{1} != RuleId{2});
  CHECK(RuleId{1} < RuleId{2});
  CHECK(std::set<RuleId>{{2}, {1}, {2}}.size() == 2);
}

TEST_CASE("StrongId: hashes, and equal ids hash alike") {
  CHECK(std::hash<RuleId>{}(RuleId{7}) == std::hash<RuleId>{}(RuleId{7}));
  const std::unordered_set<RuleId> ids{RuleId{1}, RuleId{2}, RuleId{1}};
  CHECK(ids.size() == 2);
  CHECK(ids.contains(RuleId{2}));
}
