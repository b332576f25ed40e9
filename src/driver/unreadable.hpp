// A FILE of the command line that cannot be read: P9001, with the policy of that folder whose name is nearest.
#pragma once

#include "diag/sink.hpp"
#include "support/file_system.hpp"

namespace polc::driver {

void report_unreadable(const IoError& error, diag::Sink& sink);

}  // namespace polc::driver
