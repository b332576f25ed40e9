// What two path patterns have in common, as patterns: for accesses that need two permissions on one name.
//   meet("/srv/a*", "/srv/**/*.log")  ->  "/srv/a*.log"
// Exact as long as patterns are text in UTF-8, and small: a pair of patterns has a handful of common ones.
#pragma once

#include <vector>

#include "sets/path_pattern.hpp"

namespace polc::apparmor {

/// Sorted, unique; empty when no path lies in both.
std::vector<sets::PathPattern> meet(const sets::PathPattern& a, const sets::PathPattern& b);
/// The same for each pair of two sorted lists.
std::vector<sets::PathPattern> meet(const std::vector<sets::PathPattern>& a, const std::vector<sets::PathPattern>& b);
bool overlap(const sets::PathPattern& a, const sets::PathPattern& b);

}  // namespace polc::apparmor
