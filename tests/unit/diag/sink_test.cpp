#include "diag/sink.hpp"

#include <doctest/doctest.h>

using namespace polc::diag;

namespace {

constexpr Kind<std::string_view> unknown{"X0001", Severity::error, "unknown", "unknown `{}`"};
constexpr Kind<> odd{"X0002", Severity::warning, "odd", "odd"};

SourceRange range(std::uint32_t file, std::uint32_t begin) { return {SourceId{file}, begin, begin + 1}; }

}  // namespace

TEST_CASE("sorted: by file and place, whatever the order of adding; what has no place comes last") {
  Sink sink;
  sink.add_unlocated(odd);
  sink.add(unknown, range(1, 0), "c");
  sink.add(unknown, range(0, 9), "b");
  sink.add(unknown, range(0, 2), "a");
  const auto sorted = sink.sorted();
  REQUIRE(sorted.size() == 4);
  CHECK(sorted[0].message == "unknown `a`");
  CHECK(sorted[1].message == "unknown `b`");
  CHECK(sorted[2].message == "unknown `c`");
  CHECK_FALSE(sorted[3].located);
}

TEST_CASE("sorted: one id at one place is said once") {
  Sink sink;
  sink.add(unknown, range(0, 1), "a");
  sink.add(unknown, range(0, 1), "a");
  sink.add(odd, range(0, 1));
  CHECK(sink.sorted().size() == 2);
}

TEST_CASE("error_count: warnings are none") {
  Sink sink;
  sink.add(odd, range(0, 0));
  CHECK_FALSE(sink.has_errors());
  sink.add(unknown, range(0, 0), "a").note("why").fix(range(0, 0), "b");
  CHECK(sink.error_count() == 1);
  CHECK(sink.all().back().notes.size() == 1);
  CHECK(sink.all().back().fixes.size() == 1);
}

TEST_CASE("a million diagnostics are counted, not kept") {
  Sink sink;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) sink.add(unknown, range(0, i), "a").note("x");
  CHECK(sink.error_count() == 1'000'000);
  CHECK(sink.all().size() < 100'000);
}

TEST_CASE("add: what was added before may still be completed") {
  Sink sink;
  Added first = sink.add(unknown, range(0, 0), "a");
  for (std::uint32_t i = 1; i < 100; ++i) sink.add(odd, range(0, i));
  first.note("late").fix(range(0, 0), "b");
  REQUIRE(sink.all().front().notes.size() == 1);
  CHECK(sink.all().front().notes.front().text == "late");
  CHECK(sink.all().front().fixes.size() == 1);
}
