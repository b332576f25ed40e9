// The options that show the compiler's steps.
#pragma once

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace polc::cli {

void add_stages(CLI::App& app, Options& options);

}  // namespace polc::cli
