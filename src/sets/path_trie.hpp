// The trie behind PathSpace: a nondeterministic automaton whose letters are whole names. A set of active nodes is a
// sorted vector; one name leads from set to set. Its nodes are shared by all patterns that begin alike. A product of two
// lists of paths shares the second ones too: there the trie is no tree, but nobody walks up across the separator. A machine is
// a graph with loops, whose nodes count as one behind the other for those who walk up: each of them may come to its end.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sets/edge_table.hpp"
#include "sets/glob.hpp"
#include "sets/glob_automaton.hpp"
#include "sets/glob_edges.hpp"
#include "sets/id_index.hpp"
#include "sets/name_table.hpp"
#include "sets/path_space.hpp"

namespace polc::sets {

/// A set that gives up past four members: enough to see that a subtree belongs to one rule or two.
class FewNumbers {
 public:
  /// False if nothing changed.
  bool add(std::uint32_t number) {
    if (has_given_up() || std::find(numbers_.begin(), numbers_.begin() + count_, number) != numbers_.begin() + count_)
      return false;
    if (count_ < numbers_.size()) numbers_[count_] = number;
    ++count_;
    return true;
  }
  bool has_given_up() const { return count_ > numbers_.size(); }
  bool is_within(const std::vector<std::uint32_t>& sorted) const {
    return !has_given_up() && std::all_of(numbers_.begin(), numbers_.begin() + count_, [&](std::uint32_t number) {
      return std::binary_search(sorted.begin(), sorted.end(), number);
    });
  }

 private:
  std::array<std::uint32_t, 4> numbers_{};
  std::uint32_t count_ = 0;
};

class PathTrie {
 public:
  using NodeId = std::uint32_t;
  using NodeSet = std::vector<NodeId>;
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  enum class Words : std::uint8_t { undecided, paths, pairs, names };

  struct Node {
    bool stays = false;  // on any name, as the nodes of `**` do
    bool is_below = false;
    std::uint32_t component = none;  // the name that leads here, if it is a literal
    NodeId next_literal = none;      // the next of the parent's literal children
    NodeId first_literal = none;
    NodeId star = none;          // child by any name at all
    NodeId any = none;           // child that is active with this node, and stays
    NodeId below = none;         // child by any name, and stays
    NodeId separator = none;     // child where the second path of a pair begins
    std::uint32_t products = none;  // index of the list of further such nodes, which whole products share
    std::uint32_t globs = none;  // index of its glob edges
    NodeId parent = none;
    std::uint32_t accepting_nodes = 0;  // in the subtree, with this one
    std::uint32_t accept = none;        // the number of its only accept
    std::uint32_t accepts = none;       // where there are several: the index of their list
    FewNumbers subtree_accepts;
  };
  /// A pair of tag and bits. The plain patterns of one rule share it: which of them matches is not told apart.
  struct Accept {
    std::uint32_t bits;  // an index of bits_
    std::uint32_t tag;
  };
  struct Glob {
    std::vector<GlobStep> steps;
    std::shared_ptr<const GlobAutomaton> names = nullptr;  // of a machine's edge, instead of steps
    bool matches(std::string_view name, std::uint64_t& work) const {
      return names ? names->matches(name, work) : steps_match(steps, name, work);
    }
  };

  explicit PathTrie(std::size_t columns);

  /// The node where the pattern ends.
  NodeId insert(const PathPattern& pattern, const Bits& bits, std::uint32_t tag);
  void insert_at(NodeId end, const Bits& bits, std::uint32_t tag) { accept(end, bits, tag); }
  void insert_pair(const PathPattern& from, const PathPattern& to, const Bits& bits, std::uint32_t tag);
  /// Every pair of the two lists. The second paths are there once, behind all of the first: a tree would have them behind
  /// each.
  void insert_product(std::span<const PathPattern> from, std::span<const PathPattern> to, const Bits& bits,
                      std::uint32_t tag);

  NodeSet start() const;
  /// What is active after one more name, whatever it is; closed, sorted.
  void step_by_any_name(const NodeSet& from, NodeSet& to) const;
  /// Appends what this very name makes active besides that; not closed. Returns the work it took.
  std::uint64_t append_step_by_globs(NodeId from, std::string_view name, NodeSet& to) const;
  void append_step_by_literal(NodeId from, std::uint32_t component, NodeSet& to) const;
  void step_by_separator(const NodeSet& from, NodeSet& to) const;
  /// Adds the nodes that are active together with the listed ones; sorts; drops repetitions.
  void close(NodeSet& nodes) const;
  /// Drops nodes without which all labels, here and after any continuation, stay the same (or just their bits). Returns
  /// the work it took.
  std::uint64_t reduce(NodeSet& nodes, bool only_bits) const;
  /// What holds where these nodes are active: numbers of accepts, ascending.
  std::vector<std::uint32_t> accepts_of(const NodeSet& nodes) const;
  /// The set after `path`; nullopt if that is no canonical path (or pattern-free name).
  std::optional<NodeSet> walk(NodeSet from, std::string_view path) const;
  void labels_of(const std::vector<std::uint32_t>& accepts, PathLabels& out) const;

  const Node& node(NodeId id) const { return nodes_[id]; }
  /// Of this very node: numbers of accepts, ascending.
  std::span<const std::uint32_t> accepts_at(NodeId id) const {
    const Node& node = nodes_[id];
    if (node.accepts != none) return accept_lists_[node.accepts];
    return {&node.accept, node.accept == none ? 0u : 1u};
  }
  const GlobEdges* globs_of(NodeId id) const {
    return nodes_[id].globs == none ? nullptr : &glob_edges_[nodes_[id].globs];
  }
  const Glob& glob(std::uint32_t id) const { return globs_[id]; }
  std::size_t glob_count() const { return globs_.size(); }
  std::string_view component(std::uint32_t id) const { return components_[id]; }
  std::uint32_t find_component(std::string_view name) const { return components_.find(name); }
  NodeId find_literal_child(NodeId from, std::uint32_t component) const;

  /// Bits that hold at the node, that hold strictly below it in the trie; `words()` numbers each.
  const std::uint64_t* own_bits(NodeId id) const { return own_.data() + id * words_; }
  const std::uint64_t* deep_bits(NodeId id) const { return deep_.data() + id * words_; }

  Words kind() const { return kind_; }
  std::size_t words() const { return words_; }
  std::size_t node_count() const { return nodes_.size(); }

 private:
  void decide_kind(Words kind);
  NodeId add_node();
  NodeId descend(NodeId from, const PathPattern& pattern);
  NodeId child(NodeId from, const Component& component);
  NodeId literal_child(NodeId from, std::string_view name);
  NodeId glob_child(NodeId from, const Component& component);
  NodeId unique_child(NodeId from, NodeId Node::*slot);
  NodeId machine_end(NodeId from, const std::string& machine);
  void add_glob_edge(NodeId from, GlobEdges::Edge edge, std::string_view prefix, std::string_view suffix);
  std::uint32_t interned(const Bits& bits);
  std::uint32_t accept_number(const Bits& bits, std::uint32_t tag);
  /// False: the node had it already.
  bool add_accept(Node& node, std::uint32_t number);
  void accept(NodeId node, const Bits& bits, std::uint32_t tag);
  void add_above(NodeId node, std::uint32_t number, const Bits& bits, bool is_first);

  /// Whose second paths begin where, by the ends of the first paths.
  using Products = std::map<std::pair<NodeSet, std::vector<PathPattern>>, NodeId>;

  std::size_t words_;
  Words kind_ = Words::undecided;
  std::vector<Node> nodes_;
  std::vector<std::uint64_t> own_, deep_;
  std::deque<Bits> bits_;  // each once; a deque, so that pointers to them stay
  IdIndex bits_index_;
  std::vector<Accept> accepts_;  // in the order of insertion
  IdIndex accept_index_;
  std::deque<std::vector<std::uint32_t>> accept_lists_;
  std::deque<NodeSet> product_lists_;
  Products products_;
  std::deque<GlobEdges> glob_edges_;
  std::vector<Glob> globs_;
  NameTable glob_texts_;  // canonical, by the numbers of globs_
  NameTable components_;
  EdgeTable literal_children_;                               // by parent and component
  std::unordered_map<std::uint64_t, NodeId> glob_children_;  // by node and glob
  std::map<std::pair<NodeId, std::string>, NodeId> machine_ends_;  // by the node where it begins, and its text
};

}  // namespace polc::sets
