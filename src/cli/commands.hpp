// Each verb: options in, exit status out.
#pragma once

#include "cli/options.hpp"

namespace polc::cli {

int run(const Options& options);

}  // namespace polc::cli
