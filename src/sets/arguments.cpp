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

void ArgumentSpace::clear() {
  nodes_.resize(2);
  unique_.clear();
  computed_.clear();
  exhausted_ = false;
}

ArgumentSpace::Set ArgumentSpace::make(std::uint16_t level, Set low, Set high) {
  if (low == high) return low;
  const Node node{level, low, high};
  const std::uint64_t hash = mixed(std::uint64_t{level} << 40 ^ std::uint64_t{low} << 20 ^ high);
  if (const Set id = unique_.find(hash, [&](Set each) { return nodes_[each] == node; }); id != IdIndex::none) return id;
  if (nodes_.size() >= most_nodes) {
    exhausted_ = true;
    return none;
  }
  const Set id = static_cast<Set>(nodes_.size());
  unique_.insert(hash, id);
  nodes_.push_back(node);
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
    if (yes == all) return disjunction(meets, no);
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

std::optional<ArgumentSpace::Set> ArgumentSpace::known(Operation operation, Set a, Set b) {
  switch (operation) {
    case Operation::conjunction:
      if (a == none || b == none) return none;
      if (a == all || a == b) return b;
      if (b == all) return a;
      return std::nullopt;
    case Operation::disjunction:
      if (a == all || b == all) return all;
      if (a == none || a == b) return b;
      if (b == none) return a;
      return std::nullopt;
    case Operation::difference:
      if (a == none || b == all || a == b) return none;
      if (b == none) return a;
      return std::nullopt;
  }
  return std::nullopt;
}

ArgumentSpace::Set ArgumentSpace::apply(Operation operation, Set a, Set b) {
  if (const auto result = known(operation, a, b)) return *result;
  if (exhausted_) return none;
  if (operation != Operation::difference && a > b) std::swap(a, b);
  static_assert(most_nodes <= std::size_t{1} << FlatTable::value_bits);
  const std::uint64_t key = std::uint64_t{static_cast<std::uint8_t>(operation)} << 40 | std::uint64_t{a} << 20 | b;
  if (const auto result = computed_.find(key)) return *result;
  const Node left = nodes_[a], right = nodes_[b];  // copies: the vector grows below
  const std::uint16_t level = std::min(left.level, right.level);
  const bool in_left = left.level == level, in_right = right.level == level;
  const Set low = apply(operation, in_left ? left.low : a, in_right ? right.low : b);
  const Set high = apply(operation, in_left ? left.high : a, in_right ? right.high : b);
  const Set result = make(level, low, high);
  if (!exhausted_) computed_.insert(key, result);
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
