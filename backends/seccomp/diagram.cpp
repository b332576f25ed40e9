#include "seccomp/diagram.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "seccomp/instruction.hpp"
#include "support/check.hpp"

namespace polc::seccomp {
namespace {

using sets::Compare;
using sets::NumberSet;

constexpr std::uint32_t all_bits = 0xFFFF'FFFF;
constexpr std::uint32_t and_key = 0, or_key = 1, not_key = 2;

bool is_high_mask(std::uint32_t mask) { return (~mask & (~mask + 1)) == 0; }

// What `x & mask` in `values` is for x itself, when the mask only drops low bits.
NumberSet widened(const NumberSet& values, std::uint32_t mask) {
  std::vector<sets::Interval<std::uint32_t>> parts;
  for (const auto& [low, high] : values.intervals()) {
    const auto first = next_attainable(mask, low);
    if (first && *first <= high) parts.push_back({*first, high | ~mask});
  }
  return NumberSet::from(std::move(parts));
}

// { x : x < bound }, after both had their top bit turned when the order is signed.
NumberSet below(std::uint32_t bound, bool is_signed) {
  const std::uint32_t top = 0x8000'0000;
  if (!is_signed) return bound == 0 ? NumberSet::none() : NumberSet::range(0, bound - 1);
  const std::uint32_t turned = bound ^ top;
  if (turned == 0) return NumberSet::none();
  if (turned <= top) return NumberSet::range(top, bound - 1);
  return NumberSet::range(top, all_bits) | (bound == 0 ? NumberSet::none() : NumberSet::range(0, bound - 1));
}

std::uint64_t hash_of(const Word& word, std::span<const Diagrams::Edge> edges) {
  std::uint64_t hash = word.offset * 0x9E37'79B9'7F4A'7C15u + word.mask;
  for (const auto& edge : edges)
    hash = (hash ^ (static_cast<std::uint64_t>(edge.first) << 32 | edge.to)) * 0xBF58'476D'1CE4'E5B9u + (hash >> 29);
  return sets::mixed(hash);
}

}  // namespace

std::optional<std::uint32_t> next_attainable(std::uint32_t mask, std::uint32_t value) {
  const std::uint32_t outside = value & ~mask;
  if (outside == 0) return value;
  // Everything from the highest bit outside on is cut, and a higher free bit of the mask is set instead.
  const unsigned bad = 31 - static_cast<unsigned>(std::countl_zero(outside));
  const std::uint64_t above = (~std::uint64_t{0} << (bad + 1)) & mask & ~std::uint64_t{value};
  if (above == 0) return std::nullopt;
  const unsigned carried = static_cast<unsigned>(std::countr_zero(above));
  const std::uint64_t kept = ~std::uint64_t{0} << carried;
  return static_cast<std::uint32_t>((value & kept) | (std::uint64_t{1} << carried));
}

bool comes_before(const Word& a, const Word& b, const Layout& layout) {
  const auto place = [&](const Word& word) { return Word{word.offset ^ (layout.is_big_endian ? 0u : 4u), word.mask}; };
  return place(a) < place(b);
}

Diagrams::Diagrams(Layout layout, const std::vector<Word>& order, std::uint64_t steps)
    : layout_(layout), budget_{steps}, nodes_(2) {
  POLC_CHECK(steps <= 1u << sets::FlatTable::value_bits, "a node costs two steps, and its number must fit the table");
  for (const Word& word : order) rank_.try_emplace(word, static_cast<unsigned>(rank_.size()));
}

bool Diagrams::is_before(Id a, Id b) const {
  const Word& left = nodes_[a].word;
  const Word& right = nodes_[b].word;
  const auto i = rank_.find(left), j = rank_.find(right);
  if (i != rank_.end() && j != rank_.end()) return i->second < j->second;
  if (i != rank_.end() || j != rank_.end()) return i != rank_.end();
  return comes_before(left, right, layout_);
}

Diagrams::Id Diagrams::make(const Word& word, std::span<const Edge> edges) {
  if (edges.size() == 1) return edges.front().to;
  if (!budget_.spend(edges.size())) return none;
  const std::uint64_t hash = hash_of(word, edges);
  const auto is_it = [&](Id id) { return nodes_[id].word == word && std::ranges::equal(edges_of(id), edges); };
  if (const Id known = unique_.find(hash, is_it); known != sets::IdIndex::none) return known;
  const Id id = static_cast<Id>(nodes_.size());
  unique_.insert(hash, id);
  nodes_.push_back({word, static_cast<std::uint32_t>(edges_.size()), static_cast<std::uint32_t>(edges.size())});
  edges_.insert(edges_.end(), edges.begin(), edges.end());
  return id;
}

Diagrams::Id Diagrams::of_word(std::uint32_t offset, std::uint32_t mask, const NumberSet& values) {
  if (mask == 0) return values.contains(0) ? all : none;
  if (mask != all_bits && is_high_mask(mask)) return of_word(offset, all_bits, widened(values, mask));
  std::vector<Edge> edges{{0, none}};
  for (const auto& [low, high] : values.intervals()) {
    const auto first = next_attainable(mask, low);
    if (!first || *first > high) continue;
    // A range may begin at the attainable number at which the one before ended.
    if (*first == 0) edges.front().to = all;
    else if (edges.back().first == *first) edges.pop_back();
    else if (edges.back().to == none) edges.push_back({*first, all});
    const auto after = high == all_bits ? std::nullopt : next_attainable(mask, high + 1);
    if (!after) break;
    edges.push_back({*after, none});
  }
  words_[{offset, mask}] += static_cast<unsigned>(edges.size() - 1);
  return make({offset, mask}, edges);
}

Diagrams::Id Diagrams::of(const ir::ArgumentTest& test) {
  const auto high_mask = static_cast<std::uint32_t>(test.mask >> 32), low_mask = static_cast<std::uint32_t>(test.mask);
  const auto high_value = static_cast<std::uint32_t>(test.value >> 32), low_value = static_cast<std::uint32_t>(test.value);
  const std::uint32_t low_word = offset_of_half(test.argument, false, layout_.is_big_endian);
  const auto low = [&](const NumberSet& values) { return of_word(low_word, low_mask, values); };
  const auto high = [&](const NumberSet& values) {
    if (!layout_.has_high_halves) return values.contains(0) ? all : none;
    return of_word(offset_of_half(test.argument, true, layout_.is_big_endian), high_mask, values);
  };
  const bool is_wide = test.width != 32;
  const auto equal = [&] {
    const Id id = low(NumberSet::of(low_value));
    return is_wide ? conjunction(high(NumberSet::of(high_value)), id) : id;
  };
  const auto less = [&](bool or_equal) {
    const bool low_signed = test.is_signed && !is_wide;
    NumberSet lower = below(low_value, low_signed);
    if (or_equal) lower = lower | NumberSet::of(low_value);
    const Id id = low(lower);
    if (!is_wide) return id;
    return disjunction(high(below(high_value, test.is_signed)), conjunction(high(NumberSet::of(high_value)), id));
  };
  switch (test.op) {
    case Compare::equal: return equal();
    case Compare::not_equal: return complement(equal());
    case Compare::less: return less(false);
    case Compare::less_equal: return less(true);
    case Compare::greater: return complement(less(true));
    case Compare::greater_equal: return complement(less(false));
  }
  return none;
}

Diagrams::Id Diagrams::of_terms(const std::vector<ir::Condition>& terms, std::size_t from, std::size_t to,
                                bool is_and) {
  if (from == to) return is_and ? all : none;
  if (to - from == 1) return of(terms[from]);
  const std::size_t middle = from + (to - from) / 2;
  const Id left = of_terms(terms, from, middle, is_and);
  return apply(is_and, left, of_terms(terms, middle, to, is_and));
}

Diagrams::Id Diagrams::of(const ir::Condition& condition) {
  using Kind = ir::Condition::Kind;
  switch (condition.kind) {
    case Kind::test: return of(condition.test);
    case Kind::negation: return complement(of(condition.terms.front()));
    case Kind::conjunction: return of_terms(condition.terms, 0, condition.terms.size(), true);
    case Kind::disjunction: return of_terms(condition.terms, 0, condition.terms.size(), false);
    case Kind::exact: break;  // an artefact's: no policy has it
  }
  return none;
}

Diagrams::Id Diagrams::complement(Id a) {
  if (a <= all) return a == none ? all : none;
  const std::uint64_t key = std::uint64_t{not_key} << 40 | a;
  if (const auto known = computed_.find(key)) return *known;
  std::vector<Edge> edges(edges_of(a).begin(), edges_of(a).end());
  for (Edge& edge : edges) edge.to = complement(edge.to);
  const Id result = make(nodes_[a].word, edges);
  computed_.insert(key, result);
  return result;
}

std::size_t Diagrams::nodes_from(Id id) const {
  std::vector<Id> open{id};
  std::vector<bool> seen(nodes_.size());
  std::size_t count = 0;
  while (!open.empty()) {
    const Id next = open.back();
    open.pop_back();
    if (seen[next]) continue;
    seen[next] = true;
    ++count;
    for (const Edge& edge : edges_of(next)) open.push_back(edge.to);
  }
  return count;
}

Diagrams::Id Diagrams::apply(bool is_and, Id a, Id b) {
  const Id absorbing = is_and ? none : all;
  if (a == b || b == absorbing || a == (is_and ? all : none)) return b;
  if (a == absorbing || b == (is_and ? all : none)) return a;
  if (budget_.exhausted) return none;
  if (a > b) std::swap(a, b);
  const std::uint64_t key = std::uint64_t{is_and ? and_key : or_key} << 40 | std::uint64_t{a} << 20 | b;
  if (const auto known = computed_.find(key)) return *known;
  const bool same = nodes_[a].word == nodes_[b].word;
  if (!same && is_before(b, a)) std::swap(a, b);
  const Word word = nodes_[a].word;
  // The second's only edge, when its word comes later, leads to itself. By index: making nodes moves the edges.
  const Edge whole{0, b};
  const auto left = [&](std::size_t i) { return edges_[nodes_[a].begin + i]; };
  const auto right = [&](std::size_t j) { return same ? edges_[nodes_[b].begin + j] : whole; };
  const std::size_t left_count = nodes_[a].count, right_count = same ? nodes_[b].count : 1;
  std::vector<Edge> edges;
  edges.reserve(left_count + right_count);
  for (std::size_t i = 0, j = 0;;) {
    const std::uint32_t first = std::max(left(i).first, right(j).first);
    const Id to = apply(is_and, left(i).to, right(j).to);
    if (edges.empty() || edges.back().to != to) edges.push_back({first, to});
    const bool more_left = i + 1 < left_count, more_right = j + 1 < right_count;
    if (!more_left && !more_right) break;
    const std::uint64_t next_left = more_left ? left(i + 1).first : std::uint64_t{1} << 32;
    const std::uint64_t next_right = more_right ? right(j + 1).first : std::uint64_t{1} << 32;
    if (next_left <= next_right) ++i;
    if (next_right <= next_left) ++j;
  }
  const Id result = make(word, edges);
  computed_.insert(key, result);
  return result;
}

}  // namespace polc::seccomp
