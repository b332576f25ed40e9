// The exact algebra of path sets: one trie over the components of all patterns that take part in a question, explored
// state by state in the order of witness length. It is never determinised ahead; a work budget ends hostile cases.
//
//   PathSpace space(columns);                     // columns: how many bits a label has
//   space.insert(pattern, bits, tag);             // everything the pattern matches carries these bits and this tag
//   space.labels_of("/etc/passwd", labels);       // which bits and tags hold there
//   space.explore(budget, question);              // every distinguishable kind of path once, shortest witness first
//
// Pairs of paths (rename, link) are one word: insert_pair(from, to, ...), with a separator that no wildcard crosses.
// insert_product(...) is every pair of two lists.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sets/path_pattern.hpp"

namespace polc::sets {

/// A fixed number of bits, the same for all labels of a space.
using Bits = std::vector<std::uint64_t>;

/// Work allowed for one question, in elementary steps (never a clock: the same input gives the same answer everywhere). Large
/// questions are given more: the hardest that is no attack needs 414 a place.
struct Budget {
  static constexpr std::uint64_t most = 2'000'000'000;
  std::uint64_t steps = 20'000'000;
  bool exhausted = false;
  std::uint64_t per_place = 1'000;
  std::uint64_t given = steps;
  std::uint64_t places = 0;  // the largest question's
  /// For a question about so many places: patterns, addresses, conditions.
  void allow_for(std::uint64_t more_places) {
    if (exhausted || more_places <= places || given >= most) return;
    const std::uint64_t more = std::min((more_places - places) * per_place, most - given);
    places = more_places;
    steps += more;
    given += more;
  }
  /// The steps that did not suffice; 0: they did.
  std::uint64_t shortage() const { return exhausted ? given : 0; }
  /// False when there is nothing left; then the answer is unknown.
  bool spend(std::uint64_t n) {
    if (n > steps) {
      exhausted = true;
      steps = 0;
      return false;
    }
    steps -= n;
    return true;
  }
};

/// What holds at one point: the union of the bits, and each pattern that matches (tag and its bits). Patterns with
/// equal tag and bits, such as the plain patterns of one rule, count as one.
struct PathLabels {
  Bits bits;
  struct Hit {
    std::uint32_t tag;
    const Bits* bits;
  };
  std::vector<Hit> hits;  // in the order of insertion
};

class PathQuestion {
 public:
  virtual ~PathQuestion() = default;
  /// Could any label X with lower <= X <= upper (bit-wise) be of interest? False prunes the whole subtree.
  virtual bool may_matter(const Bits& lower, const Bits& upper) = 0;
  /// False: paths are told apart by their bits alone, so `hits` may lack patterns whose bits others have already. Much
  /// cheaper where many rules carry the same bits; labels_of(witness) still tells all.
  virtual bool needs_every_hit() const { return true; }
  /// One kind of path. `witness` builds its shortest representative (two paths for a pair). Return false to stop.
  virtual bool visit(const PathLabels& here, const std::function<std::vector<std::string>()>& witness) = 0;
};

class PathSpace {
 public:
  explicit PathSpace(std::size_t columns);
  ~PathSpace();
  PathSpace(PathSpace&&) noexcept;
  PathSpace& operator=(PathSpace&&) noexcept;

  /// Where a pattern ends: the same pattern, inserted there again, need not be looked for.
  using Place = std::uint32_t;
  Place insert(const PathPattern& pattern, const Bits& bits, std::uint32_t tag);
  void insert_at(Place place, const Bits& bits, std::uint32_t tag);
  void insert_pair(const PathPattern& from, const PathPattern& to, const Bits& bits, std::uint32_t tag);
  /// Every pair of the two lists, in time and space that grow with their sum.
  void insert_product(std::span<const PathPattern> from, std::span<const PathPattern> to, const Bits& bits,
                      std::uint32_t tag);

  /// The labels of one concrete path, or pair of paths. Costs a walk over the components.
  void labels_of(std::string_view path, PathLabels& out) const;
  void labels_of_pair(std::string_view from, std::string_view to, PathLabels& out) const;

  /// Visits, for each distinguishable set of matching patterns, the shortest path (ties: a fixed order of bytes) that
  /// lies in exactly these. Paths in no pattern are visited too (with empty bits) when may_matter says so of the root.
  /// A pair space visits pairs only. Returns false when the budget ran out: then the answer is unknown.
  bool explore(Budget& budget, PathQuestion& question) const;

  /// Does `holds` say yes to the bits of each pattern? Patterns that are equal count as one, with the bits of all. What
  /// holds for every pattern by words (side A's are side B's, say) then holds for every path.
  bool every_pattern(const std::function<bool(const std::uint64_t* bits)>& holds) const;

  std::size_t node_count() const;
  std::size_t words() const;  // 64-bit words in a label

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace polc::sets
