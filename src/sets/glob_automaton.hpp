// A glob as a byte-wise automaton without empty moves. Characters become the byte sequences of UTF-8, with shared
// tails.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sets/glob.hpp"

namespace polc::sets {

class GlobAutomaton {
 public:
  struct Edge {
    std::uint8_t low;
    std::uint8_t high;
    std::uint32_t target;
  };

  explicit GlobAutomaton(const std::vector<GlobStep>& steps);

  static constexpr std::uint32_t start = 0;
  std::uint32_t accepting() const { return accepting_; }
  /// Nothing can follow the accepting state that is not accepted.
  bool accepts_all_from_then_on() const { return ends_in_star_; }
  std::span<const Edge> edges_from(std::uint32_t state) const {
    return {edges_.data() + first_edge_[state], first_edge_[state + 1] - first_edge_[state]};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(first_edge_.size() - 1); }

 private:
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> first_edge_;
  std::uint32_t accepting_ = 0;
  bool ends_in_star_ = false;
};

}  // namespace polc::sets
