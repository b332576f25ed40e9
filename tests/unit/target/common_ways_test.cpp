#include "target/common_ways.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "calls.hpp"
#include "eval/lookup.hpp"
#include "target/backend.hpp"
#include "target/findings.hpp"
#include "target/ways.hpp"

namespace polc::target {
namespace {

using sets::Compare;
using testing::Permitted;

// What a target that sees only calls permits.
Outcome outcome_of(const std::vector<Permitted>& calls) {
  std::vector<eval::Part> parts = testing::parts_of(calls);
  for (ir::Box& box : permitted_by_ways(parts, Os::linux_os, Arch::x86_64)) parts.push_back({ir::Effect::allow, std::move(box), {}, false});
  return {.permitted = eval::make_meaning(std::move(parts), Os::linux_os, false), .findings = {}};
}

ir::Point connects() {
  ir::NetPoint point;
  point.verb = NetVerb::connect, point.family = Family::inet, point.type = SocketType::stream;
  return point;
}
ir::Point reads() {
  ir::FilePoint point;
  point.verb = FileVerb::read, point.path = "/a", point.type = FileType::file;
  return point;
}

Backend backend(bool asks_ways) {
  Backend result;
  result.asks_ways = asks_ways;
  return result;
}

bool all_permit(const std::vector<std::vector<Permitted>>& set, const ir::Point& point) {
  const Backend sees_calls = backend(true);
  std::vector<Outcome> outcomes;
  for (const auto& calls : set) outcomes.push_back(outcome_of(calls));
  std::vector<Judged> judged;
  for (const Outcome& outcome : outcomes) judged.push_back({&sees_calls, &outcome});
  const eval::Meaning nothing = eval::set_of({}, Os::linux_os);
  const SidesOfSet compared({}, nothing, judged);
  bool all = true;
  for (std::size_t i = 1; i < compared.sides().size(); ++i) all = all && eval::decide(*compared.sides()[i], point).allowed;
  return all;
}

TEST_CASE("each may have a way, and all of them none") {
  const std::vector<Permitted> sends{{"sendto"}, {"open"}}, calls{{"connect"}, {"openat"}}, both{{"sendto"}, {"connect"}, {"open"}};
  CHECK(all_permit({sends}, connects()));
  CHECK(all_permit({calls}, connects()));
  CHECK_FALSE(all_permit({sends, calls}, connects()));
  CHECK(all_permit({sends, both}, connects()));
  CHECK_FALSE(all_permit({sends, both, calls}, connects()));
  CHECK_FALSE(all_permit({sends, calls}, reads()));
  CHECK(all_permit({sends, both}, reads()));
}

TEST_CASE("of one call each may permit other arguments") {
  const Permitted fast{"sendto", "flags", Compare::not_equal, 0, 0x20000000}, slow{"sendto", "flags", Compare::equal, 0, 0x20000000};
  CHECK(all_permit({{fast}, {{"sendto"}}}, connects()));
  CHECK_FALSE(all_permit({{fast}, {slow}}, connects()));
  CHECK_FALSE(all_permit({{slow}, {{"sendto"}}}, connects()));
}

TEST_CASE("one target of calls has nobody to agree with") {
  const Outcome only = outcome_of({{"read"}});
  const Backend sees_calls = backend(true), sees_paths = backend(false);
  const Judged set[] = {{&sees_calls, &only}, {&sees_paths, &only}};
  CHECK_FALSE(common_ways({}, set));
}

}  // namespace
}  // namespace polc::target
