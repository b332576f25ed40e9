// The systemd backend's one public name; README.md beside this file says what a unit can express.
#pragma once

#include "target/backend.hpp"

namespace polc::systemd {

const target::Backend& backend();

}  // namespace polc::systemd
