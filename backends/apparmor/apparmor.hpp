// The AppArmor backend's one public name; README.md beside this file says what the target can express.
#pragma once

#include "target/backend.hpp"

namespace polc::apparmor {

const target::Backend& backend();

}  // namespace polc::apparmor
