// The backend's tables: what it can say (capabilities.cpp), and how a rule set is put in force (loading.cpp).
#pragma once

#include <span>

#include "target/backend.hpp"

namespace polc::landlock {

std::span<const target::Capability> capabilities();
std::span<const target::Loading> loading();

}  // namespace polc::landlock
