// What a target that sees only calls permits of the other classes: an access exactly when one of its ways is permitted
// (docs/language.md, section 1).
#pragma once

#include <span>
#include <vector>

#include "eval/meaning.hpp"
#include "knowledge/relation.hpp"
#include "support/platform.hpp"

namespace polc::target {

/// Of files, net and processes, without capabilities. `calls`: what the target permits of calls, allows less denies; parts of
/// other planes are not looked at. An access that no way is known of counts as permitted.
std::vector<ir::Box> permitted_by_ways(std::span<const eval::Part> calls, Os os, Arch arch);

/// Is the row about some access that the box holds?
bool is_about(const knowledge::Row& row, const ir::Box& box);

/// A call by which the access is done, and is some of it permitted?
struct Way {
  ir::Box call;
  bool is_permitted = false;
};
/// In the table's order; none: no way is known.
std::vector<Way> ways_of(const ir::Point& point, const eval::Meaning& permitted, Os os, Arch arch);

}  // namespace polc::target
