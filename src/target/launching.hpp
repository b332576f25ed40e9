// How `polc run` executes the program when the filter is on already: by execveat of one descriptor, which nothing can be after that.
// A filter that lets this one call pass and a launch that leaves no such descriptor refuse every exec between them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ir/access.hpp"

namespace polc::target {

/// The descriptor, where an option leaves it open.
inline constexpr std::uint32_t usual_descriptor = 65535;
/// What the option says: a number from 3 on, of at most seven digits.
std::optional<std::uint32_t> descriptor_from(std::string_view word);
inline constexpr std::string_view descriptor_shape = "it is a number of a descriptor, 3 to 9999999";

/// Of execveat(2): dirfd == descriptor and flags == AT_EMPTY_PATH.
ir::Condition executes(std::uint32_t descriptor);

}  // namespace polc::target
