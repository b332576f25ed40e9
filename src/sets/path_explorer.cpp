#include "sets/path_explorer.hpp"

#include <algorithm>
#include <array>

namespace polc::sets {
namespace {

using NodeSet = PathTrie::NodeSet;

// Marks the sets of nodes in which the second path of a pair is under way: even no active node at all is then a
// different state from none in the first path.
constexpr std::uint32_t second_mark = ~std::uint32_t{0};

// Stands between the two paths of a witness; no path has this byte.
constexpr char separator = '\0';

char rank_of(char c) { return static_cast<char>(byte_ranks()[static_cast<unsigned char>(c)]); }

/// A witness goes on with `name`; the root is the only path that already ends in a slash.
std::string extended(const std::string& before, std::string_view name, bool is_path) {
  std::string result = before;
  if (is_path && result.back() != rank_of('/')) result += rank_of('/');
  for (const char c : name) result += rank_of(c);
  return result;
}

std::vector<std::string> paths_of(const std::string& witness) {
  std::array<char, 256> bytes{};
  for (unsigned byte = 0; byte < 256; ++byte) bytes[byte_ranks()[byte]] = static_cast<char>(byte);
  std::vector<std::string> paths(1);
  for (const char rank : witness) {
    const char byte = bytes[static_cast<unsigned char>(rank)];
    if (byte == separator) paths.emplace_back();
    else paths.back() += byte;
  }
  return paths;
}

}  // namespace

PathExplorer::PathExplorer(const PathTrie& trie, Budget& budget, PathQuestion& question)
    : trie_(trie),
      budget_(budget),
      question_(question),
      choices_(trie, budget, question),
      only_bits_(!question.needs_every_hit()) {}

bool PathExplorer::run() {
  NodeSet start = trie_.start();
  push_state(start, false, trie_.kind() == PathTrie::Words::names ? std::string() : std::string(1, rank_of('/')), {});
  while (!waiting_.empty()) {
    // Every step adds a byte (but the empty abstract name, which comes again in a list of its own): so all of one
    // length are known when the first of them is due.
    auto due = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    std::sort(due.begin(), due.end());
    for (const auto& waiting : due) {
      const bool go_on = process(waiting);
      if (budget_.exhausted) return false;
      if (!go_on) return true;
    }
  }
  return !budget_.exhausted;
}

bool PathExplorer::process(const Waiting& waiting) {
  if (states_[waiting.state].is_done) return true;
  states_[waiting.state].is_done = true;
  const auto members = sets_[waiting.state];
  Place place{{members.begin(), members.end()}, false, waiting.witness, {}};
  if (!place.nodes.empty() && place.nodes.back() == second_mark) {
    place.nodes.pop_back();
    place.is_second = true;
  }
  if (states_[waiting.state].matters_here && !visit(place)) return false;
  if (states_[waiting.state].matters_later) expand(place);
  return true;
}

bool PathExplorer::visit(const Place& place) {
  const auto accepts = trie_.accepts_of(place.nodes);
  PathLabels here;
  trie_.labels_of(accepts, here);
  if (!budget_.spend(place.nodes.size() + accepts.size() * trie_.words() + 1)) return true;
  const bool is_new = only_bits_ ? visited_bits_.insert(here.bits).second : visited_.intern(accepts).second;
  return !is_new || question_.visit(here, [&] { return paths_of(place.witness); });
}

PathExplorer::State PathExplorer::judged(const NodeSet& nodes, bool is_second) {
  StateBounds bounds(trie_.words());
  for (const auto node : nodes) bounds.add(trie_, node);
  if (!budget_.spend(nodes.size() * trie_.words() + 4)) return {};
  const bool is_name = trie_.kind() == PathTrie::Words::names;
  const bool is_first_state = states_.empty();
  const bool is_whole = is_name ? !is_first_state : trie_.kind() != PathTrie::Words::pairs || is_second;
  const bool goes_on = !is_name || is_first_state;
  return {.matters_here = is_whole && question_.may_matter(bounds.here.lower, bounds.here.upper),
          .matters_later = goes_on && question_.may_matter(bounds.later.lower, bounds.later.upper)};
}

void PathExplorer::expand(Place& place) {
  trie_.step_by_any_name(place.nodes, place.after_any_name);
  budget_.spend(trie_.reduce(place.after_any_name, only_bits_));
  const auto children = choices_.literal_children(place.nodes);
  expand_literals(place, children);
  expand_other_names(place, children);
  if (trie_.kind() == PathTrie::Words::pairs && !place.is_second) expand_separator(place);
}

void PathExplorer::expand_literals(const Place& place, const std::vector<LiteralChild>& children) {
  const bool has_globs = choices_.has_globs(place.nodes);
  for (std::size_t i = 0; i < children.size() && !budget_.exhausted;) {
    const auto component = children[i].component;
    const auto name = trie_.component(component);
    NodeSet next = place.after_any_name;
    for (; i < children.size() && children[i].component == component; ++i) next.push_back(children[i].node);
    std::uint64_t work = 0;
    if (has_globs)
      for (const auto id : place.nodes) work += trie_.append_step_by_globs(id, name, next);
    budget_.spend(work);
    push(place, next, name);
  }
}

void PathExplorer::expand_other_names(const Place& place, const std::vector<LiteralChild>& children) {
  const bool is_path = trie_.kind() != PathTrie::Words::names;
  // Most directories have no globs, and what any other name leads to has been reached from above: then save the search.
  if (!choices_.has_globs(place.nodes) &&
      is_settled(place.after_any_name, place.is_second, extended(place.witness, is_path ? "a" : "", is_path).size()))
    return;
  choices_.for_each_other_name(place.nodes, place.after_any_name, children,
                               [&](const std::string& name, const std::vector<GlobEdges::Edge>& edges) {
                                 NodeSet next = place.after_any_name;
                                 for (const auto edge : edges) next.push_back(edge.child);
                                 push(place, next, name);
                               });
}

void PathExplorer::expand_separator(const Place& place) {
  NodeSet next;
  trie_.step_by_separator(place.nodes, next);
  push_state(next, true, place.witness + rank_of(separator) + rank_of('/'), {});
}

void PathExplorer::push(const Place& from, NodeSet& nodes, std::string_view name) {
  trie_.close(nodes);
  if (trie_.kind() != PathTrie::Words::names && (name == "." || name == "..")) return;
  push_state(nodes, from.is_second, from.witness, name);
}

void PathExplorer::push_state(NodeSet& nodes, bool is_second, const std::string& before, std::string_view name) {
  if (!budget_.spend(trie_.reduce(nodes, only_bits_) + 4)) return;
  if (is_second) nodes.push_back(second_mark);
  const auto [id, is_new] = sets_.intern(nodes);
  if (is_second) nodes.pop_back();
  if (is_new) states_.push_back(judged(nodes, is_second));
  State& state = states_[id];
  if (!state.is_open()) return;
  std::string witness = name.empty() ? before : extended(before, name, trie_.kind() != PathTrie::Words::names);
  if (witness.size() > state.length || !budget_.spend(witness.size() / 8)) return;
  state.length = static_cast<std::uint32_t>(witness.size());
  waiting_[witness.size()].push_back({std::move(witness), id});
}

bool PathExplorer::is_settled(const NodeSet& nodes, bool is_second, std::size_t least_length) const {
  NodeSet key = nodes;
  if (is_second) key.push_back(second_mark);
  const auto id = sets_.find(key);
  return id && (!states_[*id].is_open() || states_[*id].length < least_length);
}

}  // namespace polc::sets
