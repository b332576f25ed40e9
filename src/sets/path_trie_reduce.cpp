// Without this, k patterns `/**/xN/**` of one rule give 2^k sets of active nodes; with it, as many as there are
// answers.
#include <algorithm>

#include "sets/path_trie.hpp"

namespace polc::sets {
namespace {

using Numbers = std::vector<std::uint32_t>;

/// What holds here and, whatever follows, for ever.
struct Lasting {
  Numbers accepts;
  Bits bits;

  /// False if all was known.
  bool add(std::span<const std::uint32_t> more) {
    bool is_new = false;
    for (const auto number : more) {
      const auto place = std::lower_bound(accepts.begin(), accepts.end(), number);
      if (place != accepts.end() && *place == number) continue;
      accepts.insert(place, number);
      is_new = true;
    }
    return is_new;
  }
  bool add_bits(const std::uint64_t* more) {
    bool is_new = false;
    for (std::size_t i = 0; i < bits.size(); ++i) {
      is_new = is_new || (more[i] & ~bits[i]) != 0;
      bits[i] |= more[i];
    }
    return is_new;
  }
};

}  // namespace

// Two reasons for which a node adds nothing:
//  1. All accepts of its subtree hold already, through nodes that stay, so they hold for ever. (Or all bits do.)
//  2. Every accepting node of its subtree lies below active nodes that stay. Whatever leads from here to there passes
//  one
//     of them, and being active it can just as well wait there for the names in between.
std::uint64_t PathTrie::reduce(NodeSet& nodes, bool only_bits) const {
  Lasting lasting{{}, Bits(only_bits ? words_ : 0, 0)};
  Numbers covered(nodes.size(), 0);  // accepting nodes of the subtree for which reason 2 holds
  std::vector<bool> is_source(nodes.size(), false);
  std::uint64_t work = nodes.size();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes_[nodes[i]];
    if (!node.stays) continue;
    is_source[i] = only_bits ? lasting.add_bits(own_bits(nodes[i])) : lasting.add(accepts_at(nodes[i]));
    work += accepts_at(nodes[i]).size();
    for (NodeId above = node.parent; above != none; above = nodes_[above].parent, ++work) {
      const auto place = std::lower_bound(nodes.begin(), nodes.end(), above);
      if (place == nodes.end() || *place != above) continue;
      covered[static_cast<std::size_t>(place - nodes.begin())] += node.accepting_nodes;
      if (nodes_[above].stays) break;  // for those above it speaks itself
    }
  }
  const auto adds_nothing_later = [&](NodeId id) {
    if (!only_bits) return nodes_[id].subtree_accepts.is_within(lasting.accepts);
    for (std::size_t i = 0; i < words_; ++i)
      if (((own_bits(id)[i] | deep_bits(id)[i]) & ~lasting.bits[i]) != 0) return false;
    return true;
  };
  NodeSet kept;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (is_source[i] || (covered[i] != nodes_[nodes[i]].accepting_nodes && !adds_nothing_later(nodes[i])))
      kept.push_back(nodes[i]);
  nodes.swap(kept);
  return work;
}

}  // namespace polc::sets
