// The Landlock backend's one public name; README.md beside this file says what a rule set can express.
#pragma once

#include "target/backend.hpp"

namespace polc::landlock {

const target::Backend& backend();

}  // namespace polc::landlock
