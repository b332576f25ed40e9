// Sets of system-call arguments, exact: reduced ordered binary decision diagrams over six 64-bit words.
//   ArgumentSpace space;  auto s = space.compare(0, ~0ull, Compare::equal, 2);  space.conjunction(s, t);  space.witness(s)
// Equal sets have equal ids, so equality is one comparison. Bits are ordered most significant first, argument 0 first.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sets/flat_table.hpp"
#include "sets/id_index.hpp"
#include "sets/interval_set.hpp"

namespace polc::sets {

using Arguments = std::array<std::uint64_t, 6>;

enum class Compare : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

class ArgumentSpace {
 public:
  using Set = std::uint32_t;
  static constexpr Set none = 0;
  static constexpr Set all = 1;
  static constexpr std::size_t most_nodes = 1'000'000;  // at most 40 MB

  ArgumentSpace();
  /// { args : (args[index] & mask) OP value }, compared as unsigned numbers of `width` bits (32: the low half only), or,
  /// with `is_signed`, as signed ones of that width.
  Set compare(unsigned index, std::uint64_t mask, Compare op, std::uint64_t value, unsigned width = 64, bool is_signed = false) {
    return choose({index, mask, op, value, width, is_signed}, all, none);
  }
  struct Test {
    unsigned index = 0;
    std::uint64_t mask = 0;
    Compare op{};
    std::uint64_t value = 0;
    unsigned width = 64;
    bool is_signed = false;
  };
  /// The members of `yes` that meet the test and those of `no` that do not.
  Set choose(const Test& test, Set yes, Set no);
  Set conjunction(Set a, Set b) { return apply(Operation::conjunction, a, b); }
  Set disjunction(Set a, Set b) { return apply(Operation::disjunction, a, b); }
  Set difference(Set a, Set b) { return apply(Operation::difference, a, b); }
  Set complement(Set a) { return difference(all, a); }
  /// Some member, the same every time (bits are 0 where they are free); nullopt for the empty set.
  std::optional<Arguments> witness(Set a) const;
  bool contains(Set a, const Arguments& arguments) const;
  /// The values of the low `width` bits of a word, which some members have; nullopt: they make up too many intervals, or the limit
  /// was hit.
  std::optional<IntervalSet<std::uint64_t>> values(Set a, unsigned index, unsigned width);
  /// True after the limit of most_nodes was hit: every answer since then is meaningless.
  bool exhausted() const { return exhausted_; }
  std::size_t size() const { return nodes_.size(); }
  /// Forgets every set, and keeps the memory.
  void clear();

  /// Where the halves of the six words of another space are found among those of this one.
  struct Half {
    enum class From : std::uint8_t { word, zero, any };
    From from = From::zero;
    std::uint8_t word = 0;
    bool is_high = false;
    bool operator==(const Half&) const = default;
  };
  using Halves = std::array<std::array<Half, 2>, 6>;  // of each word the low half, then the high one
  /// A set of another space. With `places`, the arguments whose words, moved there, are in the set: a half that is any may be
  /// what suits best.
  Set import(const ArgumentSpace& from, Set set, const Halves* places = nullptr);
  /// Do two sets of two spaces have the same members?
  static bool are_equal(const ArgumentSpace& a, Set of_a, const ArgumentSpace& b, Set of_b);
  /// Products of words under masks that make up the set, the first of them in the order of witness(); some of very many.
  struct Product {
    Arguments masks{}, values{};
  };
  std::vector<Product> products(Set set, std::size_t at_most) const;
  /// The same for equal sets of any spaces, and for hardly any others.
  std::uint64_t digest(Set set) const;

 private:
  struct Node {
    std::uint16_t level;  // index * 64 + (63 - bit); 384 marks a terminal
    Set low, high;
    bool operator==(const Node&) const = default;
  };
  enum class Operation : std::uint8_t { conjunction, disjunction, difference };
  Set make(std::uint16_t level, Set low, Set high);
  Set apply(Operation operation, Set a, Set b);
  /// What needs no node to be looked at.
  static std::optional<Set> known(Operation operation, Set a, Set b);

  std::vector<Node> nodes_;
  IdIndex unique_;
  FlatTable computed_;  // by operation and operands: the result
  bool exhausted_ = false;
};

/// A set with the space that it lives in, to which nothing is added any more.
struct ArgumentSet {
  std::shared_ptr<const ArgumentSpace> space;  // null: no set
  ArgumentSpace::Set set = ArgumentSpace::none;
  bool operator==(const ArgumentSet& other) const {
    if (space == nullptr || other.space == nullptr) return space == other.space;
    return ArgumentSpace::are_equal(*space, set, *other.space, other.set);
  }
};

}  // namespace polc::sets
