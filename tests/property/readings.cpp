#include "readings.hpp"

#include <algorithm>

#include "draw.hpp"
#include "driver/joint.hpp"
#include "eval/compare.hpp"

namespace polc::property {
namespace {

bool are_equal(const eval::Meaning& one, const eval::Meaning& other) {
  const eval::Meaning* const sides[] = {&one, &other};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool differ = false;
  const bool complete = eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet) { return differ = true, false; });
  return complete && !differ;
}

// The set by one of its formulas alone.
eval::Meaning certain(const eval::Meaning& set, const eval::Formula& formula) {
  return eval::make_meaning(set.parts(), set.os(), false, {formula, formula});
}

}  // namespace

bool are_alike(const target::Reading& one, const target::Reading& other) {
  const auto is_same = [](const target::Unknown& a, const target::Unknown& b) { return a.what == b.what; };
  if (one.directives != other.directives || !std::equal(one.unknown.begin(), one.unknown.end(), other.unknown.begin(), other.unknown.end(), is_same))
    return false;
  const eval::Formulas &mine = one.permits.order().formulas(), &theirs = other.permits.order().formulas();
  return are_equal(certain(one.permits, mine.possible), certain(other.permits, theirs.possible)) &&
         are_equal(certain(one.permits, mine.sure), certain(other.permits, theirs.sure)) && driver::differing_answers(one, other).empty();
}

bool are_alike(const std::vector<target::Reading>& some, const std::vector<target::Reading>& others) {
  const auto alike = [](const target::Reading& one, const target::Reading& other) { return are_alike(one, other); };
  return std::equal(some.begin(), some.end(), others.begin(), others.end(), alike);
}

std::optional<std::vector<target::Reading>> readings_of(const driver::TargetResult& result, const std::string& text) {
  const target::Backend& backend = *result.backend;
  ir::Configuration there = result.policy->configuration;
  std::vector<target::Reading> readings;
  for (const Arch arch : backend.architectures == nullptr ? std::vector{there.arch} : backend.architectures(there, result.settings)) {
    there.arch = arch;
    auto reading = backend.read(text, there, result.settings);
    if (!reading) return std::nullopt;
    readings.push_back(*std::move(reading));
  }
  return readings;
}

std::optional<ir::Point> probed_difference(const eval::Meaning& one, const eval::Meaning& other) {
  constexpr std::size_t questions = 400;
  const eval::Meaning* const sets[] = {&one, &other};
  Drawer drawer(sets, 4711);
  for (std::size_t i = 0; i < questions; ++i)
    if (ir::Point point = drawer.draw(); eval::decide(one, point).allowed != eval::decide(other, point).allowed) return point;
  return std::nullopt;
}

}  // namespace polc::property
