// Sets of arguments taken from one space to another, and compared across them.
#include <map>
#include <utility>

#include "sets/arguments.hpp"

namespace polc::sets {
namespace {

using Set = ArgumentSpace::Set;

// The bit of a level, the other way round than bits count.
constexpr unsigned bit_of(unsigned level) { return 63 - level % 64; }

}  // namespace

Set ArgumentSpace::import(const ArgumentSpace& from, Set set, const Halves* places) {
  std::map<Set, Set> known{{none, none}, {all, all}};
  const auto level_at = [&](const Half& half, unsigned level) {
    return static_cast<std::uint16_t>(half.word * 64u + (half.is_high ? 0 : 32) + level % 32);
  };
  const auto moved = [&](std::uint16_t level, Set low, Set high) {
    if (places == nullptr) return make(level, low, high);
    const Half& half = (*places)[level / 64][bit_of(level) >= 32 ? 1 : 0];
    if (half.from == Half::From::zero) return low;
    if (half.from == Half::From::any) return disjunction(low, high);
    const std::uint16_t there = level_at(half, level);
    if (there < nodes_[low].level && there < nodes_[high].level) return make(there, low, high);
    const Set bit = make(there, none, all);
    return disjunction(conjunction(bit, high), difference(low, bit));
  };
  const auto walk = [&](const auto& self, Set each) -> Set {
    if (const auto at = known.find(each); at != known.end()) return at->second;
    const Node node = from.nodes_[each];
    const Set low = self(self, node.low), high = self(self, node.high);
    return known[each] = moved(node.level, low, high);
  };
  return walk(walk, set);
}

bool ArgumentSpace::are_equal(const ArgumentSpace& a, Set of_a, const ArgumentSpace& b, Set of_b) {
  if (&a == &b) return of_a == of_b;
  std::map<Set, Set> known;  // reduced and ordered: equal sets have the same shape
  const auto walk = [&](const auto& self, Set x, Set y) -> bool {
    if (x <= all || y <= all) return x == y;
    if (const auto [at, is_new] = known.try_emplace(x, y); !is_new) return at->second == y;
    const Node &left = a.nodes_[x], &right = b.nodes_[y];
    return left.level == right.level && self(self, left.low, right.low) && self(self, left.high, right.high);
  };
  return walk(walk, of_a, of_b);
}

std::optional<IntervalSet<std::uint64_t>> ArgumentSpace::values(Set set, unsigned index, unsigned width) {
  constexpr std::size_t most_intervals = 4096;
  const auto level_at = [&](unsigned bit) { return static_cast<std::uint16_t>(index * 64 + 63 - bit); };
  std::map<Set, Set> known{{none, none}, {all, all}};
  const auto projected = [&](const auto& self, Set each) -> Set {
    if (const auto at = known.find(each); at != known.end()) return at->second;
    const Node node = nodes_[each];  // a copy: the vector grows below
    const Set low = self(self, node.low), high = self(self, node.high);
    const bool is_asked = node.level >= level_at(width - 1) && node.level <= level_at(0);
    return known[each] = is_asked ? make(node.level, low, high) : disjunction(low, high);
  };
  const Set asked = projected(projected, set);
  std::vector<Interval<std::uint64_t>> found;
  // Of the values that begin as `first` does, and go on as they like for so many bits.
  const auto list = [&](const auto& self, Set each, unsigned bits, std::uint64_t first) -> bool {
    if (each == none) return true;
    if (each == all) {
      found.push_back({first, bits == 64 ? ~std::uint64_t{0} : first | ((std::uint64_t{1} << bits) - 1)});
      return found.size() <= most_intervals;
    }
    const Node& node = nodes_[each];
    const bool is_next = node.level == level_at(bits - 1);
    return self(self, is_next ? node.low : each, bits - 1, first) &&
           self(self, is_next ? node.high : each, bits - 1, first | std::uint64_t{1} << (bits - 1));
  };
  if (!list(list, asked, width, 0) || exhausted_) return std::nullopt;
  return IntervalSet<std::uint64_t>::from(std::move(found));
}

std::vector<ArgumentSpace::Product> ArgumentSpace::products(Set set, std::size_t at_most) const {
  std::vector<Product> result;
  Product now;
  const auto walk = [&](const auto& self, Set each) -> void {
    if (each == none || result.size() == at_most) return;
    if (each == all) return result.push_back(now);
    const Node& node = nodes_[each];
    const std::uint64_t bit = std::uint64_t{1} << bit_of(node.level);
    now.masks[node.level / 64] |= bit;
    self(self, node.low);
    now.values[node.level / 64] |= bit;
    self(self, node.high);
    now.masks[node.level / 64] &= ~bit;
    now.values[node.level / 64] &= ~bit;
  };
  walk(walk, set);
  return result;
}

std::uint64_t ArgumentSpace::digest(Set set) const {
  std::map<Set, std::uint64_t> known{{none, 1}, {all, 2}};
  const auto walk = [&](const auto& self, Set each) -> std::uint64_t {
    if (const auto at = known.find(each); at != known.end()) return at->second;
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325u;
    for (const std::uint64_t word :
         {std::uint64_t{nodes_[each].level}, self(self, nodes_[each].low), self(self, nodes_[each].high)})
      hash = (hash ^ word) * 0x9E37'79B9'7F4A'7C15u, hash ^= hash >> 29;
    return known[each] = hash;
  };
  return walk(walk, set);
}

}  // namespace polc::sets
