// Hostile policies, as counts: a bug that loses all pruning shows only in the speed, and a clock is no test.
#include <doctest/doctest.h>

#include "questions.hpp"

namespace polc::sets {
namespace {

std::string numbered(std::string text, int n) {
  for (auto at = text.find('N'); at != std::string::npos; at = text.find('N')) text.replace(at, 1, std::to_string(n));
  return text;
}

struct Effort {
  bool is_answered = false;
  std::optional<std::string> witness;
  std::uint64_t steps = 0;
};

Effort inclusion(const PathSpace& space) {
  Inclusion question;
  Budget budget;
  const std::uint64_t before = budget.steps;
  const bool is_answered = space.explore(budget, question);
  return {is_answered, question.witness, before - budget.steps};
}

/// `count` patterns on the left; the same on the right, but for one.
PathSpace with_one_dropped(const std::string& pattern, int count, int dropped) {
  PathSpace space(2);
  for (int i = 0; i < count; ++i) {
    add(space, numbered(pattern, i), 1, static_cast<std::uint32_t>(2 * i));
    if (i != dropped) add(space, numbered(pattern, i), 2, static_cast<std::uint32_t>(2 * i + 1));
  }
  return space;
}

void check_answered(const PathSpace& space, std::uint64_t most_steps, const std::optional<std::string>& witness) {
  const Effort effort = inclusion(space);
  CHECK(effort.is_answered);
  CHECK(effort.steps <= most_steps);
  CHECK(effort.witness == witness);
}

}  // namespace

TEST_CASE("a thousand equal patterns are six nodes") {
  PathSpace space(2);
  for (std::uint32_t i = 0; i < 1000; ++i) add(space, "/srv/app*/data/**/file*.db", 1, i);
  CHECK(space.node_count() == 6);
  check_answered(space, 20'000, "/srv/app/data/file.db");
}

TEST_CASE("a thousand prefix globs in one directory") {
  const auto space = with_one_dropped("/srv/appN*/data/**/fileN*.db", 1000, 5);
  CHECK(space.node_count() == 4002);
  check_answered(space, 3'000'000, "/srv/app5/data/file5.db");
}

TEST_CASE("substring globs in one directory") {
  check_answered(with_one_dropped("/srv/*appNx*", 20, 10), 200'000, "/srv/app10x");
  check_answered(with_one_dropped("/srv/*appNx*", 200, 100), 20'000'000, "/srv/app100x");
}

TEST_CASE("`**` twice, respelled: stars are put in one order, so the nodes are shared") {
  PathSpace space(2);
  for (int i = 0; i < 20; ++i) {
    add(space, numbered("/**/aN/**/bN/**", i), 1, static_cast<std::uint32_t>(2 * i));
    add(space, numbered("/**/**/aN/**/bN/**/*", i), 2, static_cast<std::uint32_t>(2 * i + 1));
  }
  CHECK(space.node_count() == 1 + 1 + 20 * 4);
  const Effort effort = inclusion(space);  // 2^20 sets of names met so far: no answer within the budget
  CHECK_FALSE(effort.is_answered);
  PathSpace six(2);
  for (int i = 0; i < 6; ++i) {
    add(six, numbered("/**/aN/**/bN/**", i), 1, static_cast<std::uint32_t>(2 * i));
    add(six, numbered("/**/aN/**/[b]N/**/*", i), 2, static_cast<std::uint32_t>(2 * i + 1));
  }
  check_answered(six, 30'000, std::nullopt);
}

TEST_CASE("trees anywhere with the same bits do not multiply") {
  PathSpace space(2);
  for (int i = 0; i < 100; ++i) add(space, numbered("/**/.secretN", i), 2, static_cast<std::uint32_t>(i), true);
  add(space, "/home", 1, 1000, true);
  check_answered(space, 200'000, "/home");
}

TEST_CASE("one rule with many alternatives under `**` is not two to their number") {
  PathSpace space(1);
  add(space, "/srv/**/{.git,.svn,.hg,.bzr,CVS,_darcs,.pijul,.fossil}", 1, 0, true);
  add(space, "/srv", 1, 1, true);
  Collector collector;
  Budget budget;
  REQUIRE(space.explore(budget, collector));
  CHECK(collector.visits.size() == 3);
  CHECK(Budget().steps - budget.steps <= 2'000);
}

TEST_CASE("automata with two to the twentieth states end the budget, not the patience") {
  const std::string twenty(20, '?');
  PathSpace nested(2), everything(2);
  add(nested, "/*a" + twenty, 1, 0);
  add(nested, "/*[ab]" + twenty, 2, 1);
  CHECK_FALSE(inclusion(nested).is_answered);
  add(everything, "/?" + twenty + "*", 1, 0);
  add(everything, "/*a" + twenty + "*", 2, 1);
  add(everything, "/*[!a]" + twenty + "*", 2, 2);
  CHECK_FALSE(inclusion(everything).is_answered);
}

TEST_CASE("ten thousand files are a few steps each") {
  PathSpace space(2);
  for (int i = 0; i < 10'000; ++i) {
    const std::string path = "/usr/share/d" + std::to_string(i % 100) + "/f" + std::to_string(i);
    add(space, path, 1, static_cast<std::uint32_t>(i));
    if (i != 1234) add(space, path, 2, static_cast<std::uint32_t>(i));
  }
  CHECK(space.node_count() == 10'103);
  check_answered(space, 400'000, "/usr/share/d34/f1234");
}

}  // namespace polc::sets
