// How sets of paths differ, told well enough to say by whose doing, and as fast as that can be done.
#pragma once

#include <functional>
#include <span>

#include "eval/compare.hpp"

namespace polc::target {

/// Is it nobody's doing that the access is permitted?
using IsFree = std::function<bool(const ir::Point& point)>;
using Note = std::function<void(const ir::Point& point, eval::TermSet terms)>;

/// The first term must be the one for what is only wider. False: it is too complex to know all of the others.
bool note_path_differences(std::span<const eval::Meaning* const> sides, std::span<const eval::Term> terms, sets::Budget& budget,
                           const IsFree& is_free, const Note& note);

}  // namespace polc::target
