// Points worth asking: what a set of boxes names, and what lies just beside it. For tests that hold one way of
// deciding against another, access by access: each constant, its neighbours, each path, its parents, children and siblings.
#pragma once

#include <vector>

#include "eval/meaning.hpp"

namespace polc::property {

/// At most about `limit` points, the same for the same boxes, spread over all of them.
std::vector<ir::Point> probes_for(const std::vector<eval::Part>& parts, Os os, std::size_t limit);

/// Paths inside a pattern and just outside it.
std::vector<std::string> paths_around(const sets::PathPattern& pattern);

}  // namespace polc::property
