// The ledgers of a compilation: one for each policy in each configuration, over the targets it is installed on.
#pragma once

#include <vector>

#include "driver/compile.hpp"
#include "target/ledger.hpp"

namespace polc::driver {

/// They point into the compilation. A target that is only deployed beside the emitted ones has its column, too.
std::vector<target::Ledger> ledgers_of(const Compilation& compilation);

}  // namespace polc::driver
