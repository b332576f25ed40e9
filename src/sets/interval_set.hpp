// Sets of integers as sorted, disjoint, non-adjacent intervals: equal sets are equal values.
//   PortSet ports = PortSet::range(80, 90) | PortSet::of(443);   ports.contains(85);   ports.lowest()
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace polc::sets {

__extension__ typedef unsigned __int128 Uint128;

/// Closed: both ends belong to it.
template <class Number>
struct Interval {
  Number low{};
  Number high{};
  bool operator==(const Interval&) const = default;
};

template <class Number>
class IntervalSet {
 public:
  static constexpr Number maximum = static_cast<Number>(~Number{0});

  IntervalSet() = default;
  static IntervalSet none() { return {}; }
  static IntervalSet all() { return range(0, maximum); }
  static IntervalSet of(Number value) { return range(value, value); }
  /// Empty when low > high.
  static IntervalSet range(Number low, Number high) {
    IntervalSet result;
    if (low <= high) result.intervals_.push_back({low, high});
    return result;
  }
  /// The union, whatever the order and overlap of the parts; O(n log n).
  static IntervalSet from(std::vector<Interval<Number>> parts) {
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
    IntervalSet result;
    for (const auto& part : parts) {
      if (part.low > part.high) continue;
      if (!result.intervals_.empty() && (result.intervals_.back().high == maximum || part.low <= result.intervals_.back().high + 1))
        result.intervals_.back().high = std::max(result.intervals_.back().high, part.high);
      else
        result.intervals_.push_back(part);
    }
    return result;
  }

  bool empty() const { return intervals_.empty(); }
  bool is_all() const { return intervals_.size() == 1 && intervals_[0].low == 0 && intervals_[0].high == maximum; }
  bool contains(Number value) const {
    const auto after = std::upper_bound(intervals_.begin(), intervals_.end(), value,
                                        [](Number v, const Interval<Number>& i) { return v < i.low; });
    return after != intervals_.begin() && value <= std::prev(after)->high;
  }
  std::optional<Number> lowest() const { return empty() ? std::nullopt : std::optional(intervals_.front().low); }
  const std::vector<Interval<Number>>& intervals() const { return intervals_; }

  IntervalSet complement() const {
    IntervalSet result;
    Number next = 0;
    for (const auto& interval : intervals_) {
      if (next < interval.low) result.intervals_.push_back({next, static_cast<Number>(interval.low - 1)});
      if (interval.high == maximum) return result;
      next = static_cast<Number>(interval.high + 1);
    }
    result.intervals_.push_back({next, maximum});
    return result;
  }
  friend IntervalSet operator|(const IntervalSet& a, const IntervalSet& b) {
    std::vector<Interval<Number>> parts = a.intervals_;
    parts.insert(parts.end(), b.intervals_.begin(), b.intervals_.end());
    return from(std::move(parts));
  }
  friend IntervalSet operator&(const IntervalSet& a, const IntervalSet& b) {
    IntervalSet result;
    for (std::size_t i = 0, j = 0; i < a.intervals_.size() && j < b.intervals_.size();) {
      const auto low = std::max(a.intervals_[i].low, b.intervals_[j].low);
      const auto high = std::min(a.intervals_[i].high, b.intervals_[j].high);
      if (low <= high) result.intervals_.push_back({low, high});
      a.intervals_[i].high < b.intervals_[j].high ? ++i : ++j;
    }
    return result;
  }
  friend IntervalSet operator-(const IntervalSet& a, const IntervalSet& b) { return a & b.complement(); }
  /// Is some number in both? The shorter's intervals are looked for in the longer.
  bool meets(const IntervalSet& other) const {
    if (intervals_.size() > other.intervals_.size()) return other.meets(*this);
    return std::any_of(intervals_.begin(), intervals_.end(), [&](const auto& own) {
      const auto not_below = std::lower_bound(other.intervals_.begin(), other.intervals_.end(), own.low,
                                              [](const auto& interval, Number low) { return interval.high < low; });
      return not_below != other.intervals_.end() && not_below->low <= own.high;
    });
  }
  bool includes(const IntervalSet& other) const { return (other - *this).empty(); }
  bool operator==(const IntervalSet&) const = default;

 private:
  std::vector<Interval<Number>> intervals_;
};

using PortSet = IntervalSet<std::uint16_t>;
using Ip4Set = IntervalSet<std::uint32_t>;
using Ip6Set = IntervalSet<Uint128>;
using NumberSet = IntervalSet<std::uint32_t>;

}  // namespace polc::sets
