// PathSpace::explore: breadth first over the sets of active trie nodes, in the order of witness length.
// What a state can go on with is in path_choices.hpp.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sets/interned_sets.hpp"
#include "sets/path_choices.hpp"
#include "sets/path_trie.hpp"

namespace polc::sets {

class PathExplorer {
 public:
  PathExplorer(const PathTrie& trie, Budget& budget, PathQuestion& question);
  /// False when the budget ran out.
  bool run();

 private:
  using NodeSet = PathTrie::NodeSet;

  struct State {
    std::uint32_t length = ~std::uint32_t{0};  // of the shortest witness so far
    bool is_done = false;
    bool matters_here = false;
    bool matters_later = false;
    bool is_open() const { return !is_done && (matters_here || matters_later); }
  };
  /// A witness is kept as the ranks of its bytes (see byte_ranks), so that the smaller of two strings is the preferred
  /// one.
  struct Waiting {
    std::string witness;
    std::uint32_t state;
    auto operator<=>(const Waiting&) const = default;
  };
  struct Place {
    NodeSet nodes;
    bool is_second = false;  // path of a pair
    std::string witness;
    NodeSet after_any_name;  // what is active after one more name, whatever it is
  };

  bool process(const Waiting& waiting);
  bool visit(const Place& place);
  State judged(const NodeSet& nodes, bool is_second);
  void expand(Place& place);
  void expand_literals(const Place& place, const std::vector<LiteralChild>& children);
  void expand_other_names(const Place& place, const std::vector<LiteralChild>& children);
  void expand_separator(const Place& place);

  /// `nodes` need not be closed yet; it is used up.
  void push(const Place& from, NodeSet& nodes, std::string_view name);
  void push_state(NodeSet& nodes, bool is_second, const std::string& before, std::string_view name);
  bool is_settled(const NodeSet& nodes, bool is_second, std::size_t least_length) const;

  const PathTrie& trie_;
  Budget& budget_;
  PathQuestion& question_;
  PathChoices choices_;
  bool only_bits_;
  InternedSets sets_;
  std::vector<State> states_;                            // by set
  InternedSets visited_;                                 // sets of accepts
  std::set<Bits> visited_bits_;                          // instead, if only bits count
  std::map<std::size_t, std::vector<Waiting>> waiting_;  // by length
};

}  // namespace polc::sets
