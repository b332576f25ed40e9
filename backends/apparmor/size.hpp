// Patterns that make apparmor_parser run for seconds or minutes, found before it is run.
#pragma once

#include <optional>

#include "apparmor/model.hpp"

namespace polc::apparmor {

struct Blowup {
  sets::PathPattern place;   // one of them
  std::size_t patterns = 0;  // that multiply with it, itself included
  std::size_t factor = 1;    // by which the automaton grows, about
};
/// From here on the parser needs more than a tenth of a second; each doubling doubles its time at least.
inline constexpr std::size_t warned_factor = 128, largest_factor = std::size_t{1} << 40;

/// nullopt: the automaton's size is about the sum of its rules'.
std::optional<Blowup> find_blowup(const ir::Policy& policy);

}  // namespace polc::apparmor
