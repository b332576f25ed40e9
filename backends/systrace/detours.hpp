// What a program may write for the path of a unix socket: systrace shows the text as it is, the kernel follows it.
#pragma once

#include <optional>
#include <vector>

#include "sets/machine.hpp"

namespace polc::systrace::syntax {

/// The paths of which a text of the machine is another spelling than the plain one: relative to whatever directory, or with `//`,
/// `/./` or `/../` in it. nullopt: too large.
std::optional<std::vector<sets::PathPattern>> paths_spelled_otherwise(const sets::Machine& machine, std::string_view words);

}  // namespace polc::systrace::syntax
