// The one list of backends.
#pragma once

#include <span>
#include <string_view>

#include "target/backend.hpp"
#include "target/ladder.hpp"

namespace polc::backends {

/// All backends, sorted by name.
std::span<const target::Backend* const> all();
/// nullptr: no such backend.
const target::Backend* find(std::string_view name);
/// By which option the target is compiled for older and younger kernels. nullptr: it has none.
const target::Ladder* find_ladder(std::string_view name);

}  // namespace polc::backends
