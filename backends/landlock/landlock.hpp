// The Landlock backend's one public name; README.md beside this file says what a rule set can express.
#pragma once

#include "target/backend.hpp"
#include "target/ladder.hpp"

namespace polc::landlock {

const target::Backend& backend();
/// The ABIs, with the release that brought each.
const target::Ladder& ladder();

}  // namespace polc::landlock
