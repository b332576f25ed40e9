// Two small questions about single patterns, decided exactly up to a small budget.
#pragma once

#include <optional>
#include <string>

#include "sets/path_pattern.hpp"

namespace polc::sets {

/// The shortest path that the pattern matches. nullopt: not found within the budget.
std::optional<std::string> path_in(const PathPattern& pattern);

/// Is every path of `inner` one of `outer`? False also where that would take long to decide.
bool includes(const PathPattern& outer, const PathPattern& inner);

}  // namespace polc::sets
