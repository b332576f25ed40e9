// The one list of backends.
#pragma once

#include <span>
#include <string_view>

#include "target/backend.hpp"

namespace polc::backends {

/// All backends, sorted by name.
std::span<const target::Backend* const> all();
/// nullptr: no such backend.
const target::Backend* find(std::string_view name);

}  // namespace polc::backends
