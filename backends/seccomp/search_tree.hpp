// The tests that find a number's range: `<` splits what is left, `==` takes one number out of it.
//   search(code, {{0, deny}, {39, allow, 9.0}, {40, deny}}, {})    one test: == 39
// With at most `exact_until` ranges the tree is sought by dynamic programming over (weight x tests on the way + price x
// tests in all); among numbers to take out, the heaviest goes first. It is the best tree for up to 12 ranges; longer
// rows are only split between or near their middles by weight and by count, which cost one instruction in 250 in
// measurements. Beyond `exact_until`, ranges are halved by weight until the parts are small enough.
#pragma once

#include <span>

#include "seccomp/code.hpp"

namespace polc::seccomp {

struct Range {
  std::uint32_t first = 0;  // up to the next range's first; the last one has no end
  CodeId target = 0;
  double weight = 0;
  bool is_single = false;  // it has one member that can occur, `first`
};

struct SearchOptions {
  double price = 0.01;  // of one test, beside the weights, which are scaled to a sum of 1
  unsigned exact_until = 150;
  unsigned most_removed = 12;  // a third of it for more than 40 ranges
};

/// The test of the accumulator that goes to each range's target. Neighbours of equal target are merged first.
CodeId search(Code& code, std::span<const Range> ranges, const SearchOptions& options);

}  // namespace polc::seccomp
