// What a target does not look at: the accesses that an artefact permits though no rule asks for them: without any line, or by
// lines that are there for everybody, or for rules that allow nothing there. Private to target.
#pragma once

#include <vector>

#include "eval/meaning.hpp"
#include "target/ruleset.hpp"

namespace polc::target {

/// As boxes; calls with equal conditions are one. Of each part of `permits` the rules behind it are known (blame.hpp).
std::vector<ir::Box> unseen_of(const eval::Meaning& permits, const Printed& printed);

}  // namespace polc::target
