// A condition on a system call's arguments as an exact set.
#pragma once

#include "ir/access.hpp"
#include "sets/arguments.hpp"

namespace polc::eval {

sets::ArgumentSpace::Set argument_set(sets::ArgumentSpace& space, const ir::Condition& condition);

}  // namespace polc::eval
