// What `polc run` does itself before the program starts, as a target: capabilities, limits, and the descriptor that executes it.
#pragma once

#include "target/backend.hpp"

namespace polc::launch {

const target::Backend& backend();

}  // namespace polc::launch
