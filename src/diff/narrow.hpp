// Around one access that changed: the largest set of a rule's own making in which all changed. Internal to diff.
#pragma once

#include <optional>
#include <vector>

#include "eval/meaning.hpp"
#include "sets/path_space.hpp"

namespace polc::diff {

struct Region {
  ir::Box box;                  // holds the access
  std::vector<ir::Box> except;  // what of the box did not change; none lies wholly outside it
  bool whole = false;           // `more` allows all of the box but the exceptions, and `less` none of that
};

/// `more` allows the point and `less` does not. nullopt: the budget ended.
std::optional<Region> region_around(const ir::Point& point, const eval::Meaning& less, const eval::Meaning& more,
                                    sets::Budget& budget);

}  // namespace polc::diff
