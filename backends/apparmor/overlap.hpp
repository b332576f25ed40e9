// Do two patterns share a path? For what the rules of a policy say of one another.
#pragma once

#include "sets/path_pattern.hpp"

namespace polc::apparmor {

/// Cheap: the plain components that both begin with agree. Where they do not, no name is even half matched by both.
bool may_overlap(const sets::PathPattern& a, const sets::PathPattern& b);
bool overlap(const sets::PathPattern& a, const sets::PathPattern& b);

}  // namespace polc::apparmor
