#include "eval/compare.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "knowledge/calls.hpp"
#include "sets/path_pattern.hpp"

namespace polc::eval {
namespace {

// A call, and so many files.
Meaning with_files(unsigned files) {
  std::vector<ir::Box> boxes{ir::CallBox{{*knowledge::find_call(Os::linux_os, "fcntl")}, {}}};
  for (unsigned i = 0; i < files; ++i) {
    ir::FileBox box;
    box.verbs = {FileVerb::read};
    box.places = {*sets::parse_path_pattern({fmt::format("/srv/x{}", i), {}}, false)};
    boxes.emplace_back(std::move(box));
  }
  return set_of(std::move(boxes), Os::linux_os);
}

std::uint64_t steps_to_find_a_call(unsigned files) {
  const Meaning call = with_files(0), many = with_files(files);
  const Meaning* const sides[] = {&call, &many};
  sets::Budget budget;
  CHECK(find_common(sides, budget));
  return budget.given - budget.steps;
}

TEST_CASE("whoever looks for a call does not walk the paths") {
  CHECK(steps_to_find_a_call(1000) == steps_to_find_a_call(1));
}

TEST_CASE("a side with other accesses is looked through") {
  const Meaning few = with_files(1), many = with_files(2);
  const Meaning* const sides[] = {&many, &few};
  sets::Budget budget;
  const auto found = find_access(sides, {.in = side(0), .out = side(1)}, budget);
  REQUIRE(found);
  CHECK(std::get<ir::FilePoint>(*found).path == "/srv/x1");
}

}  // namespace
}  // namespace polc::eval
