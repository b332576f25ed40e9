#include "sets/interval_tree.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace polc::sets {

TEST_CASE("interval tree: members are found by numbers and by intervals, as they come and go") {
  std::mt19937 random(3);
  const auto below = [&](unsigned end) { return static_cast<std::uint16_t>(random() % end); };
  std::vector<Interval<std::uint16_t>> all(40);
  std::vector<std::uint16_t> starts;
  for (auto& interval : all) {
    interval.low = random() % 5 == 0 ? 0 : below(60);
    interval.high = random() % 5 == 0 ? 65535 : static_cast<std::uint16_t>(interval.low + below(9));
    starts.push_back(interval.low);
    if (interval.high != 65535) starts.push_back(static_cast<std::uint16_t>(interval.high + 1));
  }
  IntervalTree<std::uint16_t> tree(starts);
  std::set<std::uint32_t> there;
  for (unsigned step = 0; step < 4'000; ++step) {
    const std::uint32_t member = below(40);
    if (there.insert(member).second) tree.insert(all[member], member);
    else tree.erase(all[member], member), there.erase(member);
    const std::uint16_t low = below(80), high = static_cast<std::uint16_t>(low + below(5));
    std::set<std::uint32_t> at, meeting, wanted_at, wanted_meeting;
    tree.at(low, [&](std::uint32_t one) { CHECK(at.insert(one).second); });
    tree.meeting({low, high}, [&](std::uint32_t one) { meeting.insert(one); });
    for (const std::uint32_t one : there) {
      if (all[one].low <= low && low <= all[one].high) wanted_at.insert(one);
      if (all[one].low <= high && low <= all[one].high) wanted_meeting.insert(one);
    }
    CHECK(at == wanted_at);
    for (const std::uint32_t one : wanted_meeting) CHECK(meeting.contains(one));
  }
}

TEST_CASE("interval tree: one that knows no intervals, and the ends of numbers") {
  IntervalTree<std::uint32_t> tree({});
  unsigned found = 0;
  tree.at(7, [&](std::uint32_t) { ++found; });
  tree.insert({0, 0xFFFF'FFFF}, 1);
  tree.at(0, [&](std::uint32_t) { ++found; });
  tree.at(0xFFFF'FFFF, [&](std::uint32_t) { ++found; });
  CHECK(found == 2);
}

}  // namespace polc::sets
