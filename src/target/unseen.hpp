// What a target does not look at: the accesses that an artefact permits without any line of it. Private to target.
#pragma once

#include <vector>

#include "eval/meaning.hpp"
#include "target/ruleset.hpp"

namespace polc::target {

/// As boxes; calls with equal conditions are one.
std::vector<ir::Box> unseen_of(const eval::Meaning& permits, const Printed& printed);

}  // namespace polc::target
