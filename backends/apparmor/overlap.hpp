// Do two patterns share a path? For what the rules of a policy say of one another.
#pragma once

#include "sets/path_pattern.hpp"

namespace polc::apparmor {

bool overlap(const sets::PathPattern& a, const sets::PathPattern& b);

}  // namespace polc::apparmor
