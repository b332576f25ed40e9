// What denies close: each sure way, by a call, to do what the denies of a policy name all of (language.md, section 1).
#pragma once

#include <vector>

#include "eval/meaning.hpp"

namespace polc::eval {

/// Deny parts for the calls, one for each way. `parts`: the policy's rules. A deny of an act names its calls by itself.
std::vector<Part> closed_ways(const ir::Policy& policy, const std::vector<Part>& parts);

}  // namespace polc::eval
