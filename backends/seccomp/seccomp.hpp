// The seccomp backend's one public name; README.md beside this file says what a filter can express.
#pragma once

#include "target/backend.hpp"

namespace polc::seccomp {

const target::Backend& backend();

}  // namespace polc::seccomp
