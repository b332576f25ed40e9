// What two sets of accesses decide differently, as few sets as say it, each with the rules that cause it.
//   for (const Change& change : changes_between(old_meaning, new_meaning, budget)) ...
// Exact: what is listed covers every difference, and a change that is `whole` holds nothing else. Empty exactly when the
// two are equivalent. Words for it are made elsewhere (driver).
#pragma once

#include <optional>
#include <vector>

#include "eval/meaning.hpp"
#include "sets/path_space.hpp"

namespace polc::diff {

enum class Direction : std::uint8_t { gained, lost };

struct Change {
  Direction direction{};
  ir::Box box;
  std::vector<ir::Box> except;  // what of the box stayed as it was
  bool whole = false;    // every access of the box but those of `except` changed, and those did not; else some of it did, `example` among them
  bool implied = false;  // no rule names the example itself: another access brings it along
  ir::Point example;
  std::vector<ir::RuleId> before, now;  // the rules of each side that decided the example; sorted
  bool operator==(const Change&) const = default;
};

/// Gained first; in each direction what rules name before what they imply. nullopt: the budget ended before all was seen.
std::optional<std::vector<Change>> changes_between(const eval::Meaning& before, const eval::Meaning& now, sets::Budget& budget);

}  // namespace polc::diff
