#pragma once

#include <span>

#include "target/backend.hpp"

namespace polc::systrace {

std::span<const target::Capability> capabilities();
std::span<const target::Loading> loading();

}  // namespace polc::systrace
