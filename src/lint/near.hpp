// Can two sets share an access at all? Asked before the exact question, which costs a thousand times as much.
#pragma once

#include <vector>

#include "ir/access.hpp"

namespace polc::lint {

/// False: surely not, nor does what `one` brings along (an exec the map of its file, a bind its socket) lie in `other`.
bool may_meet(const ir::Box& one, const ir::Box& other);
bool may_meet(const std::vector<ir::Box>& some, const std::vector<ir::Box>& others);

}  // namespace polc::lint
