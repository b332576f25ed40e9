// With which names a set of active trie nodes can go on, and whether that can be of interest.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sets/glob_automaton.hpp"
#include "sets/interned_sets.hpp"
#include "sets/name_choices.hpp"
#include "sets/path_trie.hpp"

namespace polc::sets {

/// What is known of labels: lower <= label <= upper.
struct LabelBounds {
  Bits lower, upper;
  explicit LabelBounds(std::size_t words) : lower(words, 0), upper(words, 0) {}
};

/// What is known of the labels at a state, and of those at least one name later. Kept apart, because a rule for one
/// name settles the question here and says nothing of later.
struct StateBounds {
  LabelBounds here, later;

  explicit StateBounds(std::size_t words) : here(words), later(words) {}
  /// The node is active, or may be.
  void add_lower(const PathTrie& trie, PathTrie::NodeId node);
  void add_upper(const PathTrie& trie, PathTrie::NodeId node);
  void add(const PathTrie& trie, PathTrie::NodeId node) {
    add_lower(trie, node);
    add_upper(trie, node);
  }
};

struct LiteralChild {
  std::uint32_t component;
  PathTrie::NodeId node;
  auto operator<=>(const LiteralChild&) const = default;
};

class PathChoices {
 public:
  using NodeSet = PathTrie::NodeSet;
  using Edge = GlobEdges::Edge;

  PathChoices(const PathTrie& trie, Budget& budget, PathQuestion& question);

  /// All literal edges; those by the same name are neighbours.
  std::vector<LiteralChild> literal_children(const NodeSet& nodes);

  /// Calls `use(name, edges)` for every set of glob edges that a name which is no literal child can take together.
  template <class Use>
  void for_each_other_name(const NodeSet& nodes, const NodeSet& after_any_name,
                           const std::vector<LiteralChild>& children, Use use) {
    const Globs globs = globs_of(nodes);
    std::vector<NameChoice> special;
    for (const NameChoice& choice : choices(globs, after_any_name, children, special)) {
      std::vector<Edge> taken;
      for (const auto i : choice.matched) taken.insert(taken.end(), globs.begin_of(i), globs.begin_of(i + 1));
      use(choice.name, taken);
    }
  }
  bool has_globs(const NodeSet& nodes) const;

 private:
  struct Globs {
    std::vector<std::uint32_t> ids;  // sorted, unique
    std::vector<Edge> edges;         // sorted by glob
    std::vector<std::size_t> first;  // edge of each glob, and the end

    const Edge* begin_of(std::size_t i) const { return edges.data() + first[i]; }
  };
  struct Common {
    bool is_complete = false;
    std::vector<NameChoice> choices;
  };

  Globs globs_of(const NodeSet& nodes);
  /// Either the common ones or, if some of their names are taken, those put into `special`.
  const std::vector<NameChoice>& choices(const Globs& globs, const NodeSet& after_any_name,
                                         const std::vector<LiteralChild>& children, std::vector<NameChoice>& special);
  const Common& common_choices(const std::vector<std::uint32_t>& globs);
  std::vector<NameChoice> special_choices(const Globs& globs, const NodeSet& after_any_name,
                                          const std::vector<LiteralChild>& children);
  std::vector<NameChoice> choices_without(std::vector<std::string> forbidden, const Globs& globs,
                                          const StateBounds& anyway);
  bool append_taken(const std::vector<NameChoice>& choices, const std::vector<LiteralChild>& children,
                    std::vector<std::string>& taken) const;
  std::vector<const GlobAutomaton*> automata_of(const std::vector<std::uint32_t>& globs);
  NameRules rules_without(std::vector<std::string> forbidden) const;

  const PathTrie& trie_;
  Budget& budget_;
  PathQuestion& question_;
  std::vector<std::unique_ptr<GlobAutomaton>> automata_;  // by glob, when needed
  InternedSets glob_sets_;
  std::deque<Common> common_;  // by set of globs
};

}  // namespace polc::sets
