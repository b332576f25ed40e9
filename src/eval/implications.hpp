// Implications as boxes, for targets that know none: what an allow brings along must be printed, and what a deny keeps
// from being brought must not.
#pragma once

#include <vector>

#include "eval/meaning.hpp"
#include "sets/path_space.hpp"

namespace polc::eval {

/// One box a verb; other boxes as they are.
std::vector<ir::Box> single_verbs(const ir::Box& box);

/// What allowing the box brings along besides itself (not its calls: those are parts of the meaning already).
std::vector<ir::Box> brought_by(const ir::Box& box);

/// `deny read X` also keeps the `stat` of X from being brought by an allow of reading more. For each deny the boxes that it
/// so keeps away, as deny parts, where nothing else allows any of it: refusing them wholly takes nothing from the meaning.
std::vector<Part> denies_brought_along(const Meaning& meaning, sets::Budget& budget);

}  // namespace polc::eval
