// The names of one edge of a trie as a byte-wise automaton without empty moves: a glob's, or a part of a machine's. Characters
// become the byte sequences of UTF-8, with shared tails.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
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
  GlobAutomaton(const std::vector<std::vector<Edge>>& edges_by_state, std::vector<bool> accepting);

  static constexpr std::uint32_t start = 0;
  bool accepts(std::uint32_t state) const { return accepting_[state]; }
  /// Whatever follows is accepted, too.
  bool accepts_all_from(std::uint32_t state) const { return accepting_[state] && takes_all_[state]; }
  /// Adds what it cost to `work`.
  bool matches(std::string_view name, std::uint64_t& work) const;
  std::span<const Edge> edges_from(std::uint32_t state) const {
    return {edges_.data() + first_edge_[state], first_edge_[state + 1] - first_edge_[state]};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(first_edge_.size() - 1); }

 private:
  void fill(const std::vector<std::vector<Edge>>& edges_by_state);

  std::vector<Edge> edges_;
  std::vector<std::uint32_t> first_edge_;
  std::vector<bool> accepting_;
  std::vector<bool> takes_all_;  // any byte leads back here
};

}  // namespace polc::sets
