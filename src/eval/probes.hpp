// Points worth asking: what a set of boxes names, and what lies just beside it. For proofs by example, where a reader can
// answer single questions only: each constant, its neighbours, each path, its parents, children and siblings.
#pragma once

#include <vector>

#include "eval/meaning.hpp"

namespace polc::eval {

/// At most about `limit` points, the same for the same boxes, spread over all of them.
std::vector<ir::Point> probes_for(const std::vector<Part>& parts, Os os, std::size_t limit);

/// Paths inside a pattern and just outside it.
std::vector<std::string> paths_around(const sets::PathPattern& pattern);

}  // namespace polc::eval
