// What two path patterns have in common, as patterns: for accesses that need two permissions on one name.
//   meet("/srv/a*", "/srv/**/*.log")  ->  "/srv/a*.log"
// Exact as long as patterns are text in UTF-8. Patterns with many stars have very many in common: that is found out early.
#pragma once

#include <optional>
#include <vector>

#include "sets/path_pattern.hpp"

namespace polc::apparmor {

/// Sorted, unique; empty when no path lies in both. nullopt: too many to spell out.
std::optional<std::vector<sets::PathPattern>> meet(const sets::PathPattern& a, const sets::PathPattern& b);
/// The same for each pair of two sorted lists.
std::optional<std::vector<sets::PathPattern>> meet(const std::vector<sets::PathPattern>& a, const std::vector<sets::PathPattern>& b);
/// Does some path lie in both? In time of the product of their lengths.
bool overlap(const sets::PathPattern& a, const sets::PathPattern& b);

}  // namespace polc::apparmor
