// Members with intervals that come and go, found by a number or by an interval: a segment tree over the pieces that the intervals
// may cut. Each of insert, erase and at() costs the logarithm of the pieces, and what it finds.
//   IntervalTree<std::uint16_t> tree({0, 80, 81, 443, 444});
//   tree.insert({80, 80}, 7);
//   tree.at(80, [](std::uint32_t member) { ... });
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sets/interval_set.hpp"

namespace polc::sets {

template <class Number>
class IntervalTree {
 public:
  /// Where pieces begin: every interval's low end, and its high end + 1. 0 always is one.
  explicit IntervalTree(std::vector<Number> starts) : starts_(std::move(starts)) {
    starts_.push_back(0);
    std::sort(starts_.begin(), starts_.end());
    starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
    while (leaves_ < starts_.size()) leaves_ *= 2;
    first_.assign(2 * leaves_, none);
    below_.assign(2 * leaves_, 0);
  }

  void insert(const Interval<Number>& interval, std::uint32_t member) {
    for_each_node(interval, [&](std::size_t node) { push(node, member); });
  }
  /// What was inserted so.
  void erase(const Interval<Number>& interval, std::uint32_t member) {
    for_each_node(interval, [&](std::size_t node) { pull(node, member); });
  }

  template <class Visit>
  void at(Number number, const Visit& visit) const {
    for (std::size_t node = leaves_ + piece_of(number); node != 0; node /= 2) visit_list(node, visit);
  }

  /// Those whose interval has something of this one; some of them more than once.
  template <class Visit>
  void meeting(const Interval<Number>& interval, const Visit& visit) const {
    visit_meeting(1, 0, leaves_ - 1, piece_of(interval.low), piece_of(interval.high), visit);
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct Entry {
    std::uint32_t member, next;
  };

  std::size_t piece_of(Number number) const {
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), number) - starts_.begin()) - 1;
  }

  // The fewest nodes whose pieces are those of the interval.
  template <class Visit>
  void for_each_node(const Interval<Number>& interval, const Visit& visit) {
    std::size_t low = leaves_ + piece_of(interval.low), high = leaves_ + piece_of(interval.high) + 1;
    for (; low < high; low /= 2, high /= 2) {
      if (low % 2 != 0) visit(low++);
      if (high % 2 != 0) visit(--high);
    }
  }

  void push(std::size_t node, std::uint32_t member) {
    std::uint32_t place = free_;
    if (place == none) place = static_cast<std::uint32_t>(entries_.size()), entries_.emplace_back();
    else free_ = entries_[place].next;
    entries_[place] = {member, first_[node]};
    first_[node] = place;
    for (; node != 0; node /= 2) ++below_[node];
  }
  void pull(std::size_t node, std::uint32_t member) {
    std::uint32_t* link = &first_[node];
    while (*link != none && entries_[*link].member != member) link = &entries_[*link].next;
    if (*link == none) return;
    const std::uint32_t place = *link;
    *link = entries_[place].next;
    entries_[place].next = free_;
    free_ = place;
    for (; node != 0; node /= 2) --below_[node];
  }

  template <class Visit>
  void visit_list(std::size_t node, const Visit& visit) const {
    for (std::uint32_t place = first_[node]; place != none; place = entries_[place].next) visit(entries_[place].member);
  }
  template <class Visit>
  void visit_meeting(std::size_t node, std::size_t first, std::size_t last, std::size_t low, std::size_t high, const Visit& visit) const {
    if (below_[node] == 0 || last < low || high < first) return;
    visit_list(node, visit);
    if (first == last) return;
    const std::size_t middle = first + (last - first) / 2;
    visit_meeting(2 * node, first, middle, low, high, visit);
    visit_meeting(2 * node + 1, middle + 1, last, low, high, visit);
  }

  std::vector<Number> starts_;
  std::size_t leaves_ = 1;
  std::vector<std::uint32_t> first_;  // of each node the first entry
  std::vector<std::uint32_t> below_;  // how many entries it and its children have
  std::vector<Entry> entries_;
  std::uint32_t free_ = none;
};

}  // namespace polc::sets
