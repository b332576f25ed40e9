// Which points are of one kind: for saying whose doing a difference is.
#pragma once

#include <utility>

#include "ir/policy.hpp"
#include "target/backend.hpp"

namespace polc::target {

/// The alternative of ir::Point, and the verb, kind or family within it.
using PointKind = std::pair<std::size_t, unsigned>;
PointKind kind_of(const ir::Point& point);
/// Does the box speak of such points?
bool same_kind(const ir::Box& box, const ir::Point& point);
/// Do the rule's own words speak of such points, or does it at most bring them along?
bool names_kind(const ir::Rule& rule, const ir::Point& point);
/// False for a system call that the architecture does not have: nobody can make it, so it is no witness of anything.
bool can_happen(const ir::Configuration& configuration, const ir::Point& point);

}  // namespace polc::target
