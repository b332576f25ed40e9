// The finite dimensions of path accesses, taken apart: a column is one kind of access (verb, type, owner ...) that some
// box of the comparison tells from another, as a point without its path. A set of columns is a row of bits.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "eval/meaning.hpp"
#include "sets/path_space.hpp"

namespace polc::eval {

enum class PathKind : std::uint8_t { file, pair, socket, abstract };

struct Columns {
  PathKind kind{};
  std::vector<ir::Point> points;                                // their paths are empty
  std::size_t asked = 0;                                        // the first of them; the others only bring something
  std::vector<std::pair<std::uint32_t, std::uint32_t>> brings;  // allowed here, so allowed there

  std::size_t words() const { return (points.size() + 63) / 64; }
  /// The columns that the box holds, whatever the path.
  sets::Bits bits_of(const ir::Box& box) const;
  /// For each column the first one that differs from it in nothing but the dimensions that are left out; empty if none is.
  std::vector<std::uint32_t> groups(const ir::LeftOut& left_out) const;
};

/// file: file accesses, and behind them the unix sockets whose bind brings a file; pair: rename and link; socket: paths of
/// unix sockets; abstract: their abstract names. Files and sockets are apart because one's patterns multiply the other's.
Columns columns_for(PathKind kind, std::span<const Meaning* const> sides);

/// The paths of a part in this kind of space; empty when it has none there.
const std::vector<sets::PathPattern>& places_of(const ir::Box& box, PathKind kind, bool implications);

}  // namespace polc::eval
