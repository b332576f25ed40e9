// Sets of argument values as decision diagrams over 32-bit words, the unit in which a filter looks at them.
//   Diagrams diagrams(layout, order, steps);  const auto set = diagrams.of(condition);  diagrams.edges_of(set)
// A level is a word under a mask; a node's edges are maximal ranges of (word & mask). Levels are taken to be
// independent: two masks of one word may leave a path that no argument takes, which costs instructions, never
// rightness.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "ir/access.hpp"
#include "sets/flat_table.hpp"
#include "sets/id_index.hpp"
#include "sets/path_space.hpp"

namespace polc::seccomp {

struct Word {
  std::uint32_t offset = 0;  // in struct seccomp_data
  std::uint32_t mask = 0xFFFF'FFFF;
  auto operator<=>(const Word&) const = default;
};

/// How an architecture lays out the arguments.
struct Layout {
  bool is_big_endian = false;
  bool has_high_halves = true;  // false: registers of 32 bits, the high halves are 0
};

/// The order of words of which nothing else is said: by argument, upper halves first, since they differ least and what
/// follows is shared (the proof takes them in that order too), then by mask.
bool comes_before(const Word& a, const Word& b, const Layout& layout);

/// The smallest number from `value` on that has no bit outside `mask`; nullopt: none.
std::optional<std::uint32_t> next_attainable(std::uint32_t mask, std::uint32_t value);

/// A union of ranges of one word, the atom of every condition.
struct WordTest {
  Word word;
  sets::NumberSet values;
};

class Diagrams {
 public:
  using Id = std::uint32_t;
  static constexpr Id none = 0, all = 1;
  struct Edge {
    std::uint32_t first = 0;  // up to the next edge's first
    Id to = none;
    bool operator==(const Edge&) const = default;
  };

  /// Words that `order` leaves out come after it. Every edge that is made costs a step: alternatives under unrelated masks
  /// have diagrams of exponential size. At most 2^20 steps.
  Diagrams(Layout layout, const std::vector<Word>& order, std::uint64_t steps);
  Id of(const ir::Condition& condition);
  Id conjunction(Id a, Id b) { return apply(true, a, b); }
  Id disjunction(Id a, Id b) { return apply(false, a, b); }
  Id complement(Id a);
  const Word& word_of(Id id) const { return nodes_[id].word; }
  /// At least two, unless the set is none or all; neighbours differ.
  std::span<const Edge> edges_of(Id id) const { return std::span(edges_).subspan(nodes_[id].begin, nodes_[id].count); }
  /// What is left of the steps; once they are exhausted every answer is meaningless.
  const sets::Budget& budget() const { return budget_; }
  /// How many nodes the set consists of.
  std::size_t nodes_from(Id id) const;
  /// Each word that was tested, with the number of its boundaries.
  const std::map<Word, unsigned>& words() const { return words_; }

 private:
  struct Node {
    Word word;
    std::uint32_t begin = 0, count = 0;  // in edges_
  };
  Id of(const ir::ArgumentTest& test);
  Id of_word(std::uint32_t offset, std::uint32_t mask, const sets::NumberSet& values);
  Id of_terms(const std::vector<ir::Condition>& terms, std::size_t from, std::size_t to, bool is_and);
  Id make(const Word& word, std::span<const Edge> edges);
  Id apply(bool is_and, Id a, Id b);
  bool is_before(Id a, Id b) const;

  Layout layout_;
  sets::Budget budget_;
  std::map<Word, unsigned> rank_;
  std::map<Word, unsigned> words_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  sets::IdIndex unique_;
  sets::FlatTable computed_;  // by operation and operands: the result
};

}  // namespace polc::seccomp
