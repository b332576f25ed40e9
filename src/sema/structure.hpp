// What can be wrong with a file whatever the configuration, and is wrong only once however often a block is used:
// guards that name nothing, statements and annotations where they cannot stand.
#pragma once

#include "sema/lower.hpp"

namespace polc::sema {

void check_structure(const Program& program, diag::Sink& sink);

}  // namespace polc::sema
