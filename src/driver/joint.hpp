// One text for several policies: is it what their own texts are together?
#pragma once

#include <optional>
#include <span>
#include <string>

#include "target/reader.hpp"

namespace polc::driver {

/// Readings for one architecture: of the joint text, and of the single ones that hold there. An access is permitted where each of
/// them permits it, and refused as severely as those say that refuse it; with a call's worst answer, perhaps. nullopt: so it is; else the first difference.
std::optional<std::string> difference_of(const target::Reading& joint, std::span<const target::Reading* const> singles, Os os);

/// What two readings answer otherwise, in words; empty: they answer alike.
std::string differing_answers(const target::Reading& ours, const target::Reading& theirs);

}  // namespace polc::driver
