#include "target/path_differences.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace polc::target {
namespace {

/// A twentieth of what a comparison may take.
constexpr sets::Budget few_steps() {
  constexpr sets::Budget whole;
  return {.steps = whole.steps / 20, .per_place = whole.per_place / 20};
}

}  // namespace

// First whether any path differs by some rule's doing; if so, where for each rule: that takes longer. Mostly little enough
// to be done at once; else the differences are at least all seen before it is tried. That will do for what is only wider;
// of lost denies and narrowed rules each must be known, or one that is accepted would hide the others.
bool note_path_differences(std::span<const eval::Meaning* const> sides, std::span<const eval::Term> terms, sets::Budget& budget,
                           const IsFree& is_free, const Note& note) {
  std::deque<std::pair<ir::Point, eval::TermSet>> seen;
  bool by_rule = false;
  const auto collect = [&](const ir::Point& point, eval::TermSet holding) {
    seen.emplace_back(point, holding);
    by_rule = by_rule || holding != 1 || !is_free(point);
    return true;
  };
  const auto look = [&](const ir::Point& point, eval::TermSet holding) { return collect(point, holding) && !by_rule; };
  const auto note_one = [&](const ir::Point& point, eval::TermSet holding) { return note(point, holding), true; };

  bool complete = eval::compare_paths(sides, terms, budget, eval::Kinds::by_answer, look);
  if (by_rule) {
    sets::Budget little = few_steps();
    if (eval::compare_paths(sides, terms, little, eval::Kinds::by_place, note_one)) return true;
    seen.clear();
    complete = eval::compare_paths(sides, terms, budget, eval::Kinds::by_answer, collect);
    sets::Budget rest;
    if (complete && eval::compare_paths(sides, terms, rest, eval::Kinds::by_place, note_one)) return true;
  }
  for (const auto& [point, holding] : seen) note(point, holding);
  return complete && std::all_of(seen.begin(), seen.end(), [](const auto& one) { return one.second == 1; });
}

}  // namespace polc::target
