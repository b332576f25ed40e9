// What grsecurity can and cannot say, one answer a feature.
#pragma once

#include "target/backend.hpp"

namespace polc::grsecurity {

std::span<const target::Capability> capabilities();

}  // namespace polc::grsecurity
