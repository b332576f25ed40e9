// A machine as a graph whose edges are labelled with whole names, as a trie needs it: nodes are where a slash has just been read,
// and the label of an edge is that part of the machine which reads no slash. Internal to sets.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sets/glob_automaton.hpp"

namespace polc::sets {

struct MachineGraph {
  static constexpr std::uint32_t entry = 0;            // behind the first slash, or before a name
  static constexpr std::uint32_t end = ~std::uint32_t{0};  // the text is over
  struct Edge {
    std::uint32_t from;
    std::uint32_t to;
    std::shared_ptr<const GlobAutomaton> names;
  };
  std::uint32_t nodes = 0;
  std::vector<Edge> edges;
};

/// Of the text of a component of kind `machine`.
MachineGraph machine_graph(std::string_view component);

}  // namespace polc::sets
