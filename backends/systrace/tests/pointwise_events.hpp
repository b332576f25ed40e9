// What an access is to systrace: the calls that do it, with their arguments as text.
#pragma once

#include <optional>
#include <vector>

#include "pointwise.hpp"

namespace polc::systrace::pointwise {

/// Each way to do it; nullopt: nothing in a policy file is about it. The file tells which names and numbers are one account.
std::optional<std::vector<Event>> events_of(const ir::Point& point, const Dialect& dialect, const File& file);

}  // namespace polc::systrace::pointwise
