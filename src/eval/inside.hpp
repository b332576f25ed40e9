// Accesses inside a box, a few for each thing that it names: for asking an artefact which of its lines speaks of a rule.
#pragma once

#include <vector>

#include "ir/access.hpp"

namespace polc::eval {

/// For each verb and path (its shortest), each end of each range of ports, each alternative of a condition ...: one access.
/// The same for the same box. Empty for an empty box.
std::vector<ir::Point> points_inside(const ir::Box& box);

}  // namespace polc::eval
