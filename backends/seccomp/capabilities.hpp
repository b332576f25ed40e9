#pragma once

#include <span>

#include "target/backend.hpp"

namespace polc::seccomp {

std::span<const target::Capability> capabilities();
std::span<const target::Loading> loading();

}  // namespace polc::seccomp
