#include "seccomp/search_tree.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "support/check.hpp"

namespace polc::seccomp {
namespace {

std::vector<Range> merged(std::span<const Range> ranges) {
  std::vector<Range> result;
  for (const Range& range : ranges) {
    if (!result.empty() && result.back().target == range.target) {
      result.back().weight += range.weight;
      result.back().is_single = false;
    } else {
      result.push_back(range);
    }
  }
  double sum = 0;
  for (const Range& range : result) sum += range.weight;
  for (Range& range : result) range.weight = sum > 0 ? range.weight / sum : 1.0 / static_cast<double>(result.size());
  return result;
}

// solve(i, j, h): the ranges [i, j) without the h heaviest of their singles. Every number taken out of a larger part is
// also among the heaviest of the smaller one, so h alone says which are gone. Of a long row, only splits near the
// middle, by weight or by count, are tried.
class Exact {
 public:
  Exact(Code& code, std::span<const Range> ranges, const SearchOptions& options)
      : code_(code),
        ranges_(ranges),
        price_(static_cast<float>(options.price)),
        n_(static_cast<unsigned>(ranges.size())) {
    for (unsigned i = 0; i < n_; ++i)
      if (ranges_[i].is_single) by_weight_.push_back(static_cast<std::uint16_t>(i));
    // Of equal weight, those whose removal joins their neighbours come first.
    const auto joins = [&](unsigned i) {
      return i > 0 && i + 1 < n_ && ranges_[i - 1].target == ranges_[i + 1].target;
    };
    std::stable_sort(by_weight_.begin(), by_weight_.end(), [&](unsigned a, unsigned b) {
      if (ranges_[a].weight != ranges_[b].weight) return ranges_[a].weight > ranges_[b].weight;
      return joins(a) > joins(b);
    });
    rank_.assign(n_, no_rank);
    for (std::size_t rank = 0; rank < by_weight_.size(); ++rank) rank_[by_weight_[rank]] = static_cast<std::uint16_t>(rank);
    const unsigned removed = std::min(options.most_removed, most_removed_ever);
    removed_most_ = std::min(n_ > 40 ? removed / 3 : removed, static_cast<unsigned>(by_weight_.size()));
    rows_of_cells_.resize(static_cast<std::size_t>(n_) * (n_ + 1) / 2);
    for (const Range& range : ranges_) weights_.push_back(range.weight), targets_.push_back(range.target);
  }

  CodeId run() {
    solve(0, n_, 0);
    return build(0, n_, 0);
  }

 private:
  static constexpr std::size_t is_long = 8;
  static constexpr unsigned most_removed_ever = 12;
  static constexpr std::uint16_t no_rank = 0xFFFF;  // not a single
  static constexpr std::int16_t unknown = -3, by_equality = -2, leaf = -1;
  struct Cell {
    float cost = 0;
    std::int16_t split = unknown;
    std::uint16_t range =
        0;  // of a leaf: one that is left; of an equality: the one taken out; of a split: h of its lower side
  };
  // Most parts of a long row are never asked for: only those that are have cells. A reference lives until the next call.
  Cell& cell(unsigned i, unsigned j, unsigned h) {
    std::uint32_t& row = rows_of_cells_[static_cast<std::size_t>(j) * (j - 1) / 2 + i];  // i < j
    if (row == 0) {
      cells_.resize(cells_.size() + removed_most_ + 1);
      row = static_cast<std::uint32_t>(cells_.size());  // its end, so that 0 is none
    }
    return cells_[row - 1 - h];
  }

  struct Place {
    std::uint16_t range;
    std::uint16_t removed_before;
  };

  // The h-th rank in [i, j), from 0; no_rank: there are fewer.
  std::uint16_t rank_of(unsigned i, unsigned j, unsigned h) const {
    std::array<std::uint16_t, most_removed_ever + 1> least;  // ascending
    std::fill_n(least.begin(), h + 1, no_rank);
    for (unsigned k = i; k < j; ++k) {
      const std::uint16_t rank = rank_[k];
      if (rank >= least[h]) continue;
      unsigned at = h;
      for (; at > 0 && least[at - 1] > rank; --at) least[at] = least[at - 1];
      least[at] = rank;
    }
    return least[h];
  }

  // A part [i, j) without its h heaviest singles: what is left of it stands in rows_ from `begin` on, until the caller cuts
  // it off again.
  struct Part {
    std::size_t begin = 0;
    double weight = 0;
    bool has_one_target = true;
    std::optional<std::uint16_t> next;  // the single to take out
  };
  // Ranks decide who is gone: those that come before the h-th of the part.
  Part listed(unsigned i, unsigned j, unsigned h) {
    const std::uint16_t rank = rank_of(i, j, h);
    Part part;
    part.begin = rows_.size();
    if (h < removed_most_ && rank != no_rank) part.next = by_weight_[rank];
    std::uint16_t removed = 0;
    for (unsigned k = i; k < j; ++k) {
      if (rank_[k] < rank) {
        ++removed;
        continue;
      }
      rows_.push_back({static_cast<std::uint16_t>(k), removed});
      part.weight += weights_[k];
      part.has_one_target &= targets_[k] == targets_[rows_[part.begin].range];
    }
    return part;
  }

  float cost_of(unsigned i, unsigned j, unsigned h) {
    const Cell& known = cell(i, j, h);
    return known.split != unknown ? known.cost : solve(i, j, h);
  }

  float solve(unsigned i, unsigned j, unsigned h) {
    const Part part = listed(i, j, h);
    const Cell best = best_of(i, j, h, part);
    rows_.resize(part.begin);
    cell(i, j, h) = best;
    return best.cost;
  }

  Cell best_of(unsigned i, unsigned j, unsigned h, const Part& part) {
    const std::size_t begin = part.begin, end = rows_.size();
    if (part.has_one_target) return {0, leaf, begin == end ? static_cast<std::uint16_t>(i) : rows_[begin].range};
    const float here = static_cast<float>(part.weight) + price_;
    Cell best{std::numeric_limits<float>::infinity(), leaf, 0};
    // In a long row, a number is worth a test of its own only if it has a good share of the weight.
    const bool is_worth = end - begin <= is_long || weights_[part.next.value_or(i)] * 8 >= part.weight;
    if (part.next && is_worth) best = {here + cost_of(i, j, h + 1), by_equality, *part.next};
    const auto [first, last] = window(begin, end, part.weight);
    for (std::size_t at = first; at < last; ++at) {
      const auto [k, before] = rows_[at];
      if (targets_[rows_[at - 1].range] == targets_[k]) continue;
      const float low = here + cost_of(i, k, before);
      if (low > best.cost) continue;
      const float cost = low + cost_of(k, j, h - before);
      // Of equals, a split: it helps the calls on both sides of it.
      if (cost < best.cost || (cost == best.cost && best.split == by_equality))
        best = {cost, static_cast<std::int16_t>(k), before};
    }
    return best;
  }

  // The places at which [begin, end) is split.
  std::pair<std::size_t, std::size_t> window(std::size_t begin, std::size_t end, double weight) const {
    constexpr std::size_t reach = 3;
    const std::size_t size = end - begin;
    if (size <= is_long) return {begin + 1, end};
    double before = 0;
    std::size_t middle = begin;
    while (middle < end && before * 2 < weight) before += weights_[rows_[middle++].range];
    const std::size_t half = begin + size / 2;
    const std::size_t first = std::min(middle, half), last = std::max(middle, half);
    return {std::max(begin + 1, first - std::min(first, reach + 1)), std::min(end, last + reach + 1)};
  }

  CodeId build(unsigned i, unsigned j, unsigned h) {
    const Cell one = cell(i, j, h);
    if (one.split == leaf) return ranges_[one.range].target;
    if (one.split == by_equality) {
      const CodeId rest = build(i, j, h + 1);
      return code_.jump(op::equal, ranges_[one.range].first, ranges_[one.range].target, rest);
    }
    const auto k = static_cast<unsigned>(one.split);
    const CodeId low = build(i, k, one.range);
    const CodeId high = build(k, j, h - one.range);
    return code_.jump(op::at_least, ranges_[k].first, high, low);
  }

  Code& code_;
  std::span<const Range> ranges_;
  float price_;
  unsigned n_;
  unsigned removed_most_ = 0;
  std::vector<std::uint16_t> by_weight_;
  std::vector<std::uint16_t> rank_;  // by range: its place in by_weight_
  std::vector<double> weights_;
  std::vector<CodeId> targets_;
  std::vector<Place> rows_;
  std::vector<std::uint32_t> rows_of_cells_;  // by part
  std::vector<Cell> cells_;
};

// Halves by weight, at a boundary; a single that outweighs the rest is asked for first.
CodeId halved(Code& code, std::span<const Range> ranges, const SearchOptions& options, std::size_t part) {
  if (ranges.size() == 1) return ranges.front().target;
  if (ranges.size() <= part) return Exact(code, ranges, options).run();
  double sum = 0;
  for (const Range& range : ranges) sum += range.weight + 1e-9;
  double before = 0;
  std::size_t middle = 1;
  for (; middle + 1 < ranges.size(); ++middle) {
    before += ranges[middle - 1].weight + 1e-9;
    if (before * 2 >= sum && middle * 8 >= ranges.size()) break;
    if (middle * 8 >= ranges.size() * 7) break;
  }
  const CodeId low = halved(code, ranges.first(middle), options, part);
  const CodeId high = halved(code, ranges.subspan(middle), options, part);
  return code.jump(op::at_least, ranges[middle].first, high, low);
}

}  // namespace

CodeId search(Code& code, std::span<const Range> ranges, const SearchOptions& options) {
  POLC_CHECK(!ranges.empty() && ranges.front().first == 0, "ranges cover every number");
  const std::vector<Range> different = merged(ranges);
  if (different.size() == 1) return different.front().target;
  // What nearly every condition is, one test: a border, or a number among equals.
  if (different.size() == 2) return code.jump(op::at_least, different[1].first, different[1].target, different[0].target);
  if (different.size() == 3 && different[1].is_single && different[0].target == different[2].target)
    return code.jump(op::equal, different[1].first, different[1].target, different[0].target);
  const bool exact = different.size() <= options.exact_until;
  return halved(code, different, options, exact ? different.size() : std::max<std::size_t>(options.exact_until / 4, 1));
}

}  // namespace polc::seccomp
