// Each verb: options in, exit status out.
#pragma once

#include "cli/options.hpp"
#include "diag/sink.hpp"

namespace polc::cli {

int run(const Options& options);

int print_regex(const Options& options, diag::Sink& sink);

}  // namespace polc::cli
