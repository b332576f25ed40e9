// What grsecurity can and cannot say, one answer a feature.
#pragma once

#include "target/backend.hpp"

namespace polc::grsecurity {

std::span<const target::Capability> capabilities();
std::span<const target::Loading> loading();

}  // namespace polc::grsecurity
