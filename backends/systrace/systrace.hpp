// The systrace backend's one public name; README.md beside this file says what the target can express.
#pragma once

#include "target/backend.hpp"

namespace polc::systrace {

const target::Backend& backend();

}  // namespace polc::systrace
