#include "sets/path_choices.hpp"

#include <algorithm>

namespace polc::sets {
namespace {

using Edge = GlobEdges::Edge;

// What the choices of one set of globs may cost that is kept for all places where these globs meet. Costlier ones are
// found anew for each place, where the question can prune.
constexpr std::uint64_t common_steps = 50'000;
constexpr std::uint64_t common_steps_per_glob = 2'000;

// Names that turn out to be literal children are forbidden one by one, because mostly there is none or one. After that
// many rounds all children are.
constexpr int patient_rounds = 3;

}  // namespace

void StateBounds::add_lower(const PathTrie& trie, PathTrie::NodeId node) {
  const auto lasting = trie.node(node).stays ? node : trie.node(node).below;
  for (std::size_t i = 0; i < trie.words(); ++i) {
    here.lower[i] |= trie.own_bits(node)[i];
    if (lasting != PathTrie::none) later.lower[i] |= trie.own_bits(lasting)[i];
  }
}

void StateBounds::add_upper(const PathTrie& trie, PathTrie::NodeId node) {
  for (std::size_t i = 0; i < trie.words(); ++i) {
    here.upper[i] |= trie.own_bits(node)[i];
    later.upper[i] |= trie.deep_bits(node)[i] | (trie.node(node).stays ? trie.own_bits(node)[i] : 0);
  }
}

PathChoices::PathChoices(const PathTrie& trie, Budget& budget, PathQuestion& question)
    : trie_(trie), budget_(budget), question_(question), automata_(trie.glob_count()) {}

std::vector<LiteralChild> PathChoices::literal_children(const NodeSet& nodes) {
  std::vector<LiteralChild> children;
  for (const auto id : nodes)
    for (auto child = trie_.node(id).first_literal; child != PathTrie::none; child = trie_.node(child).next_literal)
      children.push_back({trie_.node(child).component, child});
  std::sort(children.begin(), children.end());
  budget_.spend(nodes.size() + children.size());
  return children;
}

bool PathChoices::has_globs(const NodeSet& nodes) const {
  return std::any_of(nodes.begin(), nodes.end(), [&](auto id) { return trie_.globs_of(id) != nullptr; });
}

PathChoices::Globs PathChoices::globs_of(const NodeSet& nodes) {
  Globs globs;
  for (const auto id : nodes)
    if (const auto* edges = trie_.globs_of(id))
      globs.edges.insert(globs.edges.end(), edges->all().begin(), edges->all().end());
  std::sort(globs.edges.begin(), globs.edges.end(),
            [](Edge a, Edge b) { return std::pair(a.glob, a.child) < std::pair(b.glob, b.child); });
  for (std::size_t i = 0; i < globs.edges.size(); ++i) {
    if (!globs.ids.empty() && globs.ids.back() == globs.edges[i].glob) continue;
    globs.ids.push_back(globs.edges[i].glob);
    globs.first.push_back(i);
  }
  globs.first.push_back(globs.edges.size());
  budget_.spend(globs.edges.size() + 1);
  return globs;
}

const std::vector<NameChoice>& PathChoices::choices(const Globs& globs, const NodeSet& after_any_name,
                                                    const std::vector<LiteralChild>& children,
                                                    std::vector<NameChoice>& special) {
  const Common& common = common_choices(globs.ids);
  std::vector<std::string> taken;
  if (common.is_complete && !append_taken(common.choices, children, taken)) return common.choices;
  special = special_choices(globs, after_any_name, children);
  return special;
}

const PathChoices::Common& PathChoices::common_choices(const std::vector<std::uint32_t>& globs) {
  const auto [id, is_new] = glob_sets_.intern(globs);
  if (!is_new) return common_[id];
  common_.emplace_back();
  Budget allowed{std::min(budget_.steps, common_steps + common_steps_per_glob * globs.size())};
  const std::uint64_t before = allowed.steps;
  NameChoices names(automata_of(globs), rules_without({}));
  common_[id].is_complete = names.run(allowed, nullptr);
  if (common_[id].is_complete) common_[id].choices = names.found();
  budget_.spend(before - allowed.steps);
  return common_[id];
}

/// True if some chosen names are literal children; appends these.
bool PathChoices::append_taken(const std::vector<NameChoice>& choices, const std::vector<LiteralChild>& children,
                               std::vector<std::string>& taken) const {
  const std::size_t before = taken.size();
  for (const auto& choice : choices) {
    const auto component = trie_.find_component(choice.name);
    const auto child = std::lower_bound(children.begin(), children.end(), LiteralChild{component, 0});
    if (child != children.end() && child->component == component) taken.push_back(choice.name);
  }
  return taken.size() > before;
}

std::vector<NameChoice> PathChoices::special_choices(const Globs& globs, const NodeSet& after_any_name,
                                                     const std::vector<LiteralChild>& children) {
  StateBounds anyway(trie_.words());
  for (const auto node : after_any_name) anyway.add(trie_, node);
  std::vector<std::string> forbidden;
  for (int round = 0;; ++round) {
    auto found = choices_without(forbidden, globs, anyway);
    if (budget_.exhausted || !append_taken(found, children, forbidden)) return found;
    if (round < patient_rounds) continue;
    forbidden.clear();
    for (const auto& child : children) forbidden.emplace_back(trie_.component(child.component));
  }
}

std::vector<NameChoice> PathChoices::choices_without(std::vector<std::string> forbidden, const Globs& globs,
                                                     const StateBounds& anyway) {
  budget_.spend(forbidden.size());
  const auto may_matter = [&](std::span<const std::uint32_t> sure, std::span<const std::uint32_t> alive) {
    StateBounds bounds = anyway;
    for (const auto i : sure)
      for (const auto* edge = globs.begin_of(i); edge != globs.begin_of(i + 1); ++edge)
        bounds.add_lower(trie_, edge->child);
    for (const auto i : alive)
      for (const auto* edge = globs.begin_of(i); edge != globs.begin_of(i + 1); ++edge)
        bounds.add_upper(trie_, edge->child);
    return question_.may_matter(bounds.here.lower, bounds.here.upper) ||
           question_.may_matter(bounds.later.lower, bounds.later.upper);
  };
  NameChoices names(automata_of(globs.ids), rules_without(std::move(forbidden)));
  names.run(budget_, may_matter);
  return names.found();
}

std::vector<const GlobAutomaton*> PathChoices::automata_of(const std::vector<std::uint32_t>& globs) {
  std::vector<const GlobAutomaton*> automata;
  for (const auto id : globs) {
    const PathTrie::Glob& glob = trie_.glob(id);
    if (!glob.names && !automata_[id]) automata_[id] = std::make_unique<GlobAutomaton>(glob.steps);
    automata.push_back(glob.names ? glob.names.get() : automata_[id].get());
  }
  return automata;
}

NameRules PathChoices::rules_without(std::vector<std::string> forbidden) const {
  const bool is_name = trie_.kind() == PathTrie::Words::names;
  if (!is_name) forbidden.insert(forbidden.end(), {".", ".."});
  std::sort(forbidden.begin(), forbidden.end());
  forbidden.erase(std::unique(forbidden.begin(), forbidden.end()), forbidden.end());
  return {std::move(forbidden), is_name};
}

}  // namespace polc::sets
