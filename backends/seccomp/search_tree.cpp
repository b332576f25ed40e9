#include "seccomp/search_tree.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

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

// cost(i, j, h): the ranges [i, j) without the h heaviest of their singles. Every number taken out of a larger part is also
// among the heaviest of the smaller one, so h alone says which are gone.
class Exact {
 public:
  Exact(Code& code, std::span<const Range> ranges, const SearchOptions& options)
      : code_(code), ranges_(ranges), price_(options.price), n_(static_cast<unsigned>(ranges.size())) {
    std::vector<std::uint16_t> singles;
    for (unsigned i = 0; i < n_; ++i)
      if (ranges_[i].is_single) singles.push_back(static_cast<std::uint16_t>(i));
    // Of equal weight, those whose removal joins their neighbours come first.
    const auto joins = [&](unsigned i) {
      return i > 0 && i + 1 < n_ && ranges_[i - 1].target == ranges_[i + 1].target;
    };
    std::stable_sort(singles.begin(), singles.end(), [&](unsigned a, unsigned b) {
      if (ranges_[a].weight != ranges_[b].weight) return ranges_[a].weight > ranges_[b].weight;
      return joins(a) > joins(b);
    });
    by_weight_ = std::move(singles);
    removed_most_ = std::min<unsigned>(options.most_removed, static_cast<unsigned>(by_weight_.size()));
    cells_.resize(static_cast<std::size_t>(n_ + 1) * (n_ + 1) * (removed_most_ + 1));
    sums_.resize(n_ + 1);
    for (unsigned i = 0; i < n_; ++i) sums_[i + 1] = sums_[i] + ranges_[i].weight;
  }

  CodeId run() {
    for (unsigned length = 1; length <= n_; ++length)
      for (unsigned i = 0; i + length <= n_; ++i) fill(i, i + length);
    return build(0, n_, 0);
  }

 private:
  static constexpr std::int16_t leaf = -1, by_equality = -2;
  struct Cell {
    float cost = 0;
    std::int16_t choice = leaf;
    std::uint16_t target = 0;  // of a leaf: the place of a range that is left
  };

  Cell& cell(unsigned i, unsigned j, unsigned h) { return cells_[(static_cast<std::size_t>(i) * (n_ + 1) + j) * (removed_most_ + 1) + h]; }

  // The singles of [i, j), heaviest first.
  void list_singles(unsigned i, unsigned j) {
    heaviest_.clear();
    for (const std::uint16_t s : by_weight_) {
      if (s < i || s >= j) continue;
      heaviest_.push_back(s);
      if (heaviest_.size() > removed_most_) break;
    }
  }

  void fill(unsigned i, unsigned j) {
    list_singles(i, j);
    const unsigned most = std::min<unsigned>(removed_most_, static_cast<unsigned>(heaviest_.size()));
    left_.clear();
    for (unsigned k = i; k < j; ++k) left_.push_back({static_cast<std::uint16_t>(k), 0});
    double weight = sums_[j] - sums_[i];
    std::vector<Place>& left = left_;
    // From no removal to all of them; equality needs the next cell, so costs are filled from the last one back.
    for (unsigned h = 0; h <= most; ++h) {
      if (h > 0) {
        const unsigned gone = heaviest_[h - 1];
        weight -= ranges_[gone].weight;
        const auto at = std::find_if(left.begin(), left.end(), [&](const Place& p) { return p.range == gone; });
        for (auto after = left.erase(at); after != left.end(); ++after) ++after->removed_before;
      }
      split(i, j, h, std::max(weight, 0.0));
      if (left.size() <= 1) {
        for (unsigned rest = h + 1; rest <= most; ++rest) cell(i, j, rest) = cell(i, j, h);
        break;
      }
    }
    for (unsigned h = most; h-- > 0;) {
      Cell& one = cell(i, j, h);
      if (one.choice == leaf) continue;
      const float equality = weight_of(i, j, h) + static_cast<float>(price_) + cell(i, j, h + 1).cost;
      if (equality < one.cost) one = {equality, by_equality, heaviest_[h]};
    }
  }

  float weight_of(unsigned i, unsigned j, unsigned h) const {
    double weight = sums_[j] - sums_[i];
    for (unsigned r = 0; r < h; ++r) weight -= ranges_[heaviest_[r]].weight;
    return static_cast<float>(std::max(weight, 0.0));
  }

  // The best split of what is left at a boundary between different targets.
  void split(unsigned i, unsigned j, unsigned h, double weight) {
    Cell best{std::numeric_limits<float>::infinity(), leaf, 0};
    for (std::size_t place = 1; place < left_.size(); ++place) {
      const unsigned k = left_[place].range;
      if (ranges_[left_[place - 1].range].target == ranges_[k].target) continue;
      const unsigned before = left_[place].removed_before;
      const float cost = cell(i, k, before).cost + cell(k, j, h - before).cost;
      if (cost < best.cost) best = {cost, static_cast<std::int16_t>(k), 0};
    }
    if (best.choice == leaf) best = {0, leaf, left_.empty() ? std::uint16_t{0} : left_.front().range};
    else best.cost += static_cast<float>(weight + price_);
    cell(i, j, h) = best;
  }

  CodeId build(unsigned i, unsigned j, unsigned h) {
    const Cell one = cell(i, j, h);
    if (one.choice == leaf) return ranges_[one.target].target;
    if (one.choice == by_equality) {
      const CodeId rest = build(i, j, h + 1);
      return code_.jump(op::equal, ranges_[one.target].first, ranges_[one.target].target, rest);
    }
    const unsigned k = static_cast<unsigned>(one.choice);
    list_singles(i, j);
    const auto before = static_cast<unsigned>(
        std::count_if(heaviest_.begin(), heaviest_.begin() + h, [&](unsigned s) { return s < k; }));
    const CodeId low = build(i, k, before);
    const CodeId high = build(k, j, h - before);
    return code_.jump(op::at_least, ranges_[k].first, high, low);
  }

  struct Place {
    std::uint16_t range;
    std::uint16_t removed_before;
  };
  Code& code_;
  std::span<const Range> ranges_;
  double price_;
  unsigned n_;
  unsigned removed_most_ = 0;
  std::vector<std::uint16_t> by_weight_, heaviest_;
  std::vector<Place> left_;
  std::vector<Cell> cells_;
  std::vector<double> sums_;
};

// Halves by weight, at a boundary; a single that outweighs the rest is asked for first.
CodeId halved(Code& code, std::span<const Range> ranges, const SearchOptions& options, std::size_t part) {
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
  const bool exact = different.size() <= options.exact_until;
  return halved(code, different, options, exact ? different.size() : std::max<std::size_t>(options.exact_until / 4, 1));
}

}  // namespace polc::seccomp
