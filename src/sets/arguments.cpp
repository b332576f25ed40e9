#include "sets/arguments.hpp"

#include <algorithm>
#include <bit>

#include "support/check.hpp"

namespace polc::sets {
namespace {

constexpr std::uint16_t terminal_level = 384;

std::uint16_t level_of(unsigned index, unsigned bit) { return static_cast<std::uint16_t>(index * 64 + (63 - bit)); }

bool bit_of(const Arguments& arguments, std::uint16_t level) {
  return (arguments[level / 64] >> (63 - level % 64) & 1) != 0;
}

// Three small numbers as one that is not 0: nodes have 20 bits, levels and operations ten.
std::uint64_t key_of(std::uint32_t what, std::uint32_t a, std::uint32_t b) {
  return (std::uint64_t{what} + 1) << 40 | std::uint64_t{a} << 20 | b;
}
static_assert(ArgumentSpace::most_nodes < 1u << 20);
constexpr std::uint32_t is_and_key = 0, is_or_key = 1, is_not_key = 2;

std::uint64_t low_bits(unsigned width) { return width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1; }

enum class Position { below, within, above };

/// Where `value` lies against the numbers of that width. A signed number may come sign-extended or not.
Position position_of(std::uint64_t value, unsigned width, bool is_signed) {
  if (width == 64 || value <= low_bits(width)) return Position::within;
  if (!is_signed) return Position::above;
  const auto number = static_cast<std::int64_t>(value);
  if (number >= 0) return Position::above;
  return number >= -(std::int64_t{1} << (width - 1)) ? Position::within : Position::below;
}

}  // namespace

ArgumentSpace::ArgumentSpace() : nodes_{{terminal_level, none, none}, {terminal_level, all, all}} {}

ArgumentSpace::Set ArgumentSpace::make(std::uint16_t level, Set low, Set high) {
  if (low == high) return low;
  const std::uint64_t key = key_of(level, low, high);
  if (const Set* known = unique_.find(key)) return *known;
  if (nodes_.size() >= most_nodes) {
    exhausted_ = true;
    return none;
  }
  const Set id = static_cast<Set>(nodes_.size());
  unique_.insert(key, id);
  nodes_.push_back({level, low, high});
  return id;
}

// Built from the lowest bit upwards: what the lower bits decide is the answer where all higher bits are equal. The six
// operators are equality, "less" and "less or equal", and these with yes and no exchanged.
ArgumentSpace::Set ArgumentSpace::choose(const Test& test, Set yes, Set no) {
  const auto& [index, mask, op, value, width, is_signed] = test;
  POLC_CHECK(index < 6 && width >= 1 && width <= 64, "six arguments of at most 64 bits");
  const auto other = [&](Compare opposite) {
    Test turned = test;
    turned.op = opposite;
    return choose(turned, no, yes);
  };
  switch (op) {
    case Compare::not_equal: return other(Compare::equal);
    case Compare::greater: return other(Compare::less_equal);
    case Compare::greater_equal: return other(Compare::less);
    case Compare::equal:
    case Compare::less:
    case Compare::less_equal: break;
  }
  const bool is_order = op != Compare::equal;
  switch (position_of(value, width, is_signed)) {
    case Position::below: return no;
    case Position::above: return is_order ? yes : no;
    case Position::within: break;
  }
  // Only what is decided by later bits can stand below the bits of the test.
  const std::uint16_t last = level_of(index, mask == 0 ? 63 : static_cast<unsigned>(std::countr_zero(mask)));
  if (std::min(nodes_[yes].level, nodes_[no].level) <= last) {
    const Set meets = choose(test, all, none);
    return disjunction(conjunction(meets, yes), difference(no, meets));
  }
  Set result = op == Compare::less ? no : yes;
  for (unsigned bit = 0; bit < width; ++bit) {
    const bool wanted = (value >> bit & 1) != 0;
    const bool is_sign = is_signed && bit + 1 == width;  // there 1 is the smaller digit
    const Set if_zero = !wanted ? result : (is_order && !is_sign ? yes : no);
    const Set if_one = wanted ? result : (is_order && is_sign ? yes : no);
    result = (mask >> bit & 1) != 0 ? make(level_of(index, bit), if_zero, if_one) : if_zero;
  }
  return result;
}

ArgumentSpace::Set ArgumentSpace::apply(bool is_and, Set a, Set b) {
  const Set dominant = is_and ? none : all;
  const Set neutral = is_and ? all : none;
  if (a == dominant || b == dominant) return dominant;
  if (a == neutral || a == b) return b;
  if (b == neutral) return a;
  if (exhausted_) return none;
  if (a > b) std::swap(a, b);
  const std::uint64_t key = key_of(is_and ? is_and_key : is_or_key, a, b);
  if (const Set* known = computed_.find(key)) return *known;
  const Node left = nodes_[a], right = nodes_[b];  // copies: the vector grows below
  const std::uint16_t level = std::min(left.level, right.level);
  const bool in_left = left.level == level, in_right = right.level == level;
  const Set low = apply(is_and, in_left ? left.low : a, in_right ? right.low : b);
  const Set high = apply(is_and, in_left ? left.high : a, in_right ? right.high : b);
  const Set result = make(level, low, high);
  if (!exhausted_) computed_.insert(key, result);
  return result;
}

ArgumentSpace::Set ArgumentSpace::conjunction(Set a, Set b) { return apply(true, a, b); }
ArgumentSpace::Set ArgumentSpace::disjunction(Set a, Set b) { return apply(false, a, b); }

ArgumentSpace::Set ArgumentSpace::complement(Set a) {
  if (a == none) return all;
  if (a == all) return none;
  if (exhausted_) return none;
  if (const Set* known = computed_.find(key_of(is_not_key, a, 0))) return *known;
  const Node node = nodes_[a];
  const Set low = complement(node.low);
  const Set result = make(node.level, low, complement(node.high));
  if (!exhausted_) {
    computed_.insert(key_of(is_not_key, a, 0), result);
    computed_.insert(key_of(is_not_key, result, 0), a);
  }
  return result;
}

std::optional<Arguments> ArgumentSpace::witness(Set a) const {
  if (a == none) return std::nullopt;
  Arguments arguments{};
  while (a != all) {
    const Node& node = nodes_[a];
    // Every node but `none` has a member below it, so going low wherever that is not empty never fails.
    if (node.low != none) {
      a = node.low;
    } else {
      arguments[node.level / 64] |= std::uint64_t{1} << (63 - node.level % 64);
      a = node.high;
    }
  }
  return arguments;
}

bool ArgumentSpace::contains(Set a, const Arguments& arguments) const {
  while (a != none && a != all) a = bit_of(arguments, nodes_[a].level) ? nodes_[a].high : nodes_[a].low;
  return a == all;
}

}  // namespace polc::sets
