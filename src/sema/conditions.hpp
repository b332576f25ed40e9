// `where` clauses: tests of a system call's arguments, by name or by number.
//   for (auto& [calls, where] : conditions_of(condition, calls, context)) ...
// A named argument may stand at another place, or have another width, in each of a rule's calls: then the rule falls
// apart.
#pragma once

#include <utility>
#include <vector>

#include "sema/context.hpp"

namespace polc::sema {

/// The calls, grouped by what the condition means for them. Empty after an error, which was reported.
std::vector<ir::CallBox> conditions_of(const ast::Condition& condition, const std::vector<CallId>& calls,
                                       const Context& context);

}  // namespace polc::sema
