// Whether two programs mean the same, in every configuration that can be asked for.
#pragma once

#include "sema/lower.hpp"

namespace polc::driver {

/// As sets of accesses: on each system with each of its platforms; without features, with each and with all; on each
/// architecture where the program speaks of calls. False, too, when a comparison is past its bound.
bool mean_the_same(const sema::Program& one, const sema::Program& other);

}  // namespace polc::driver
