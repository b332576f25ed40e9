// Which rule of a policy comes nearest to an access that it refuses: the one to look at, and perhaps to widen.
#pragma once

#include <optional>

#include "learn/observed.hpp"

namespace polc::learn {

struct Nearest {
  ir::RuleId rule;
  unsigned changes = 0;  // how many dimensions of the rule do not hold the access
};

/// Among the allow rules of the same class that share a verb with the access, the one with the fewest dimensions to change, the first
/// of several. nullopt: there is none.
std::optional<Nearest> nearest_rule(const ir::Policy& policy, const Boxes& boxes);

}  // namespace polc::learn
