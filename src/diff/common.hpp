// What two meanings have in common need not be looked at: whatever is decided differently lies in a part that only one of
// them has, or is brought along by one. Internal to diff.
#pragma once

#include <optional>
#include <vector>

#include "eval/meaning.hpp"

namespace polc::diff {

/// The boxes of the parts that one side has more often than the other. nullopt: they are too many to look near each of them.
std::optional<std::vector<ir::Box>> changed_boxes(const eval::Meaning& before, const eval::Meaning& now);

}  // namespace polc::diff
