// Conditions on system-call arguments as text. Internal to format.
#pragma once

#include <string>
#include <vector>

#include "ir/access.hpp"
#include "support/platform.hpp"

namespace polc::format {

/// What stands after `where` for these calls. An argument goes by its name where all calls agree on its name and type;
/// otherwise by arg[N], with the width and sign spelled out as masks and comparisons.
std::string condition_text(Os os, const std::vector<CallId>& calls, const ir::Condition& condition);

/// The arguments of one call that are not zero, and of the others those whose bits are in `zeros`, as the tests that its words make, ...
std::vector<ir::ArgumentTest> argument_tests(Os os, const ir::CallPoint& point, std::uint8_t zeros);
/// ... and joined by `and`, with the names of constants; empty when there are none.
std::string arguments_text(Os os, const ir::CallPoint& point, std::uint8_t zeros);

}  // namespace polc::format
