// Inside of Meaning: finds the parts that may hold a point without asking each. Private to src/eval.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "eval/meaning.hpp"
#include "sets/interval_tree.hpp"
#include "sets/path_space.hpp"

namespace polc::eval {

struct Meaning::Index {
  std::vector<Part> parts;
  Os os = Os::linux_os;
  std::uint64_t places = 0;  // patterns, addresses and ports, conditions: what a question's steps grow with (sets::Budget)
  bool implications = false;
  Order order;

  /// Every path that a file or unix socket box names; the tag is the part's place.
  struct Spaces {
    sets::PathSpace paths{1};
    sets::PathSpace pairs{1};      // rename and link
    sets::PathSpace abstracts{1};  // abstract unix names
  };
  /// Made for the first question about a point: a set that is only compared needs none. (Measured on 100,000 rules: a third
  /// of the memory and a fifth of the time.)
  const Spaces& spaces() const;

  /// The net parts of one internet family: by address those that name some, by port the others.
  template <class Number>
  struct Addresses {
    sets::IntervalTree<Number> addresses{{}};
    sets::IntervalTree<std::uint16_t> ports{{}};
  };
  struct Internet {
    Addresses<std::uint32_t> ip4;
    Addresses<sets::Uint128> ip6;
  };
  /// Made for the first question about a point, too; of few parts each is asked instead.
  const Internet& internet() const;

  std::vector<std::uint32_t> any_unix;  // net parts with any unix address
  std::array<std::vector<std::uint32_t>, 6> by_family;  // the other net parts
  struct OfCall {
    CallId call;
    std::uint32_t place = 0;
    auto operator<=>(const OfCall&) const = default;
  };
  std::vector<OfCall> by_call;  // sorted
  std::span<const OfCall> of(CallId call) const {
    const auto [first, last] = std::equal_range(by_call.begin(), by_call.end(), OfCall{call, 0},
                                                [](const OfCall& a, const OfCall& b) { return a.call < b.call; });
    return {first, last};
  }
  std::vector<std::uint32_t> identities, capabilities, peers;
  std::vector<ir::Successor> successors;  // every one that an exec box names, and the two that always exist

 private:
  mutable std::once_flag made_;
  mutable Spaces spaces_;
  mutable std::once_flag internet_made_;
  mutable Internet internet_;
};

}  // namespace polc::eval
