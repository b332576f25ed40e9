// How much a box holds: what memory and later work grow with.
#pragma once

#include <cstdint>

#include "ir/access.hpp"

namespace polc::sema {

/// A few bytes of text can stand for thousands of paths, and a variable brings them to every rule that names it. A
/// policy may hold this much; a million plain rules stay well below.
inline constexpr std::uint64_t heaviest_policy = 8'000'000;

/// Paths, intervals and tests, at least 1.
std::uint64_t weight_of(const ir::Box& box);

}  // namespace polc::sema
