// What of a meaning can bear on the accesses of some boxes: a question about these then costs what their surroundings cost,
// not what the whole policy does. Internal to diff.
#pragma once

#include <span>

#include "eval/meaning.hpp"

namespace polc::diff {

/// Decides every access of the boxes, and every one that these bring along or are brought along by, as `meaning` does. It may
/// lack any other part.
eval::Meaning near(const eval::Meaning& meaning, std::span<const ir::Box> boxes);

}  // namespace polc::diff
