#include "sets/path_trie.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sets/machine.hpp"
#include "sets/machine_graph.hpp"
#include "support/check.hpp"

namespace polc::sets {
namespace {

using NodeSet = PathTrie::NodeSet;

constexpr std::uint32_t root = 0;

std::uint64_t edge_key(std::uint32_t node, std::uint32_t label) { return std::uint64_t{node} << 32 | label; }

std::string prefix_of(const std::vector<GlobStep>& steps) {
  std::string prefix;
  for (auto step = steps.begin(); step != steps.end() && step->kind == GlobStep::Kind::byte; ++step)
    prefix += step->byte;
  return prefix;
}

std::string suffix_of(const std::vector<GlobStep>& steps) {
  std::string suffix;
  for (auto step = steps.rbegin(); step != steps.rend() && step->kind == GlobStep::Kind::byte; ++step)
    suffix += step->byte;
  std::reverse(suffix.begin(), suffix.end());
  return suffix;
}

bool is_only_star(const std::vector<GlobStep>& steps) {
  return steps.size() == 1 && steps[0].kind == GlobStep::Kind::star;
}

bool is_of_names(const PathPattern& pattern) {
  if (pattern.components.empty()) return false;
  const Component& first = pattern.components[0];
  return first.kind == Component::Kind::name || (first.kind == Component::Kind::machine && Machine::is_of_names(first.text));
}

bool is_any_or_star(const Component& component) {
  return component.kind == Component::Kind::any || (component.kind == Component::Kind::glob && component.text == "*");
}

// `/**/*` is `/*/**`, and at the end it is `/**`. One spelling for both: so equal patterns share nodes, and the trie
// sees that what `/x/**/*` allows holds for ever.
std::vector<Component> with_stars_first(std::vector<Component> components) {
  for (auto run = components.begin(); run != components.end();) {
    run = std::find_if(run, components.end(), is_any_or_star);
    const auto end = std::find_if_not(run, components.end(), is_any_or_star);
    const auto first_any =
        std::stable_partition(run, end, [](const auto& c) { return c.kind == Component::Kind::glob; });
    if (end == components.end() && first_any != end && first_any != run) {
      components.erase(first_any - 1, components.end());
      components.push_back({Component::Kind::below, {}});
      break;
    }
    run = end;
  }
  return components;
}

}  // namespace

PathTrie::PathTrie(std::size_t columns) : words_((columns + 63) / 64) { add_node(); }

void PathTrie::decide_kind(Words kind) {
  POLC_CHECK(kind_ == Words::undecided || kind_ == kind,
             "a space holds paths, pairs of paths or names, never two of these");
  kind_ = kind;
}

PathTrie::NodeId PathTrie::insert(const PathPattern& pattern, const Bits& bits, std::uint32_t tag) {
  decide_kind(is_of_names(pattern) ? Words::names : Words::paths);
  const NodeId end = descend(root, pattern);
  accept(end, bits, tag);
  return end;
}

void PathTrie::insert_pair(const PathPattern& from, const PathPattern& to, const Bits& bits, std::uint32_t tag) {
  decide_kind(Words::pairs);
  const NodeId second = unique_child(descend(root, from), &Node::separator);
  accept(descend(second, to), bits, tag);
}

void PathTrie::insert_product(std::span<const PathPattern> from, std::span<const PathPattern> to, const Bits& bits,
                              std::uint32_t tag) {
  decide_kind(Words::pairs);
  NodeSet ends;
  for (const PathPattern& pattern : from) ends.push_back(descend(root, pattern));
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  const auto [product, is_new] = products_.try_emplace({ends, {to.begin(), to.end()}}, none);
  if (is_new) product->second = add_node();
  for (const PathPattern& pattern : to) accept(descend(product->second, pattern), bits, tag);
  // For the first paths all the second ones count as a single node: no set of active nodes has some of both.
  for (const NodeId end : ends) {
    add_above(end, accept_number(bits, tag), bits, is_new);
    for (std::size_t i = 0; i < words_; ++i) deep_[end * words_ + i] |= bits[i];
    if (!is_new) continue;
    if (nodes_[end].products == none) {
      nodes_[end].products = static_cast<std::uint32_t>(product_lists_.size());
      product_lists_.emplace_back();
    }
    product_lists_[nodes_[end].products].push_back(product->second);
  }
}

PathTrie::NodeId PathTrie::add_node() {
  nodes_.emplace_back();
  own_.resize(nodes_.size() * words_, 0);
  deep_.resize(nodes_.size() * words_, 0);
  return static_cast<NodeId>(nodes_.size() - 1);
}

PathTrie::NodeId PathTrie::descend(NodeId from, const PathPattern& pattern) {
  const auto step = [&](const Component& component) { from = child(from, component); };
  const auto& components = pattern.components;
  const auto both_stars = [](const Component& a, const Component& b) { return is_any_or_star(a) && is_any_or_star(b); };
  if (std::adjacent_find(components.begin(), components.end(), both_stars) == components.end())
    std::for_each(components.begin(), components.end(), step);
  else
    for (const Component& component : with_stars_first(components)) step(component);
  return from;
}

PathTrie::NodeId PathTrie::child(NodeId from, const Component& component) {
  switch (component.kind) {
    case Component::Kind::literal: return literal_child(from, component.text);
    case Component::Kind::glob:
    case Component::Kind::name: return glob_child(from, component);
    case Component::Kind::any:
      if (nodes_[from].stays && !nodes_[from].is_below) return from;
      return unique_child(from, &Node::any);
    case Component::Kind::below: return unique_child(from, &Node::below);
    case Component::Kind::machine: return machine_end(from, component.text);
  }
  return from;
}

PathTrie::NodeId PathTrie::literal_child(NodeId from, std::string_view name) {
  const std::uint32_t component = components_.intern(name).first;
  if (const NodeId known = find_literal_child(from, component); known != none) return known;
  const NodeId to = add_node();
  nodes_[to].parent = from;
  nodes_[to].component = component;
  nodes_[to].next_literal = std::exchange(nodes_[from].first_literal, to);
  literal_children_.insert(from, component, to);
  return to;
}

PathTrie::NodeId PathTrie::glob_child(NodeId from, const Component& component) {
  const std::uint32_t known = glob_texts_.find(component.text);
  auto steps = known == none ? glob_steps(component) : globs_[known].steps;
  if (is_only_star(steps)) return unique_child(from, &Node::star);
  const std::string prefix = prefix_of(steps), suffix = suffix_of(steps);
  if (prefix.size() == steps.size()) return literal_child(from, prefix);  // an abstract name without wildcards
  const auto [glob, is_new] = glob_texts_.intern(component.text);
  if (is_new) globs_.push_back({std::move(steps)});
  const auto [edge, is_new_edge] = glob_children_.try_emplace(edge_key(from, glob), none);
  if (!is_new_edge) return edge->second;
  const NodeId to = edge->second = add_node();
  nodes_[to].parent = from;
  add_glob_edge(from, {glob, to}, prefix, suffix);
  return to;
}

void PathTrie::add_glob_edge(NodeId from, GlobEdges::Edge edge, std::string_view prefix, std::string_view suffix) {
  if (nodes_[from].globs == none) {
    nodes_[from].globs = static_cast<std::uint32_t>(glob_edges_.size());
    glob_edges_.emplace_back();
  }
  glob_edges_[nodes_[from].globs].add(edge, prefix, suffix);
}

PathTrie::NodeId PathTrie::machine_end(NodeId from, const std::string& machine) {
  const auto [known, is_new] = machine_ends_.try_emplace({from, machine}, none);
  if (!is_new) return known->second;
  const MachineGraph graph = machine_graph(machine);
  const auto first = static_cast<NodeId>(nodes_.size());
  for (NodeId above = from; nodes_.size() <= first + graph.nodes; above = static_cast<NodeId>(nodes_.size() - 1)) {
    const NodeId added = add_node();
    nodes_[added].parent = above;
  }
  const NodeId end = known->second = first + graph.nodes;
  for (const MachineGraph::Edge& edge : graph.edges) {
    const std::uint32_t glob = glob_texts_.intern(std::to_string(globs_.size()) + '\n').first;  // no glob's text
    globs_.push_back({{}, edge.names});
    const NodeId to = edge.to == MachineGraph::end ? end : first + edge.to;
    add_glob_edge(first + edge.from, {glob, to}, {}, {});
    if (edge.from == MachineGraph::entry) add_glob_edge(from, {glob, to}, {}, {});
  }
  return end;
}

PathTrie::NodeId PathTrie::unique_child(NodeId from, NodeId Node::*slot) {
  if (nodes_[from].*slot != none) return nodes_[from].*slot;
  const NodeId to = add_node();
  nodes_[to].parent = from;
  nodes_[from].*slot = to;
  nodes_[to].stays = slot == &Node::any || slot == &Node::below;
  nodes_[to].is_below = slot == &Node::below;
  return to;
}

std::uint32_t PathTrie::interned(const Bits& bits) {
  const auto hash_of = [](const Bits& words) {
    std::uint64_t hash = 0;
    for (const std::uint64_t word : words) hash = mixed(hash ^ word);
    return hash;
  };
  const std::uint32_t known = bits_index_.find(hash_of(bits), [&](std::uint32_t id) { return bits_[id] == bits; });
  if (known != none) return known;
  const auto id = static_cast<std::uint32_t>(bits_.size());
  bits_index_.insert(hash_of(bits), id);
  bits_.push_back(bits);
  return id;
}

std::uint32_t PathTrie::accept_number(const Bits& bits, std::uint32_t tag) {
  const Accept wanted{interned(bits), tag};
  const auto hash_of = [](const Accept& accept) { return mixed(edge_key(accept.tag, accept.bits)); };
  const std::uint32_t known = accept_index_.find(
      hash_of(wanted), [&](std::uint32_t id) { return accepts_[id].tag == tag && accepts_[id].bits == wanted.bits; });
  if (known != none) return known;
  const auto number = static_cast<std::uint32_t>(accepts_.size());
  accept_index_.insert(hash_of(wanted), number);
  accepts_.push_back(wanted);
  return number;
}

bool PathTrie::add_accept(Node& node, std::uint32_t number) {
  if (node.accept == none) return node.accept = number, true;
  if (node.accepts == none) {
    if (node.accept == number) return false;
    node.accepts = static_cast<std::uint32_t>(accept_lists_.size());
    accept_lists_.push_back({node.accept});
  }
  auto& list = accept_lists_[node.accepts];
  const auto place = std::lower_bound(list.begin(), list.end(), number);
  if (place != list.end() && *place == number) return false;
  list.insert(place, number);
  return true;
}

void PathTrie::accept(NodeId id, const Bits& bits, std::uint32_t tag) {
  POLC_CHECK(bits.size() == words_, "all labels of a space are equally long");
  const std::uint32_t number = accept_number(bits, tag);
  const bool is_first = nodes_[id].accept == none;
  if (!add_accept(nodes_[id], number)) return;
  for (std::size_t i = 0; i < words_; ++i) own_[id * words_ + i] |= bits[i];
  add_above(id, number, bits, is_first);
}

/// Tells the node and all above it what it accepts, or what is accepted behind it.
void PathTrie::add_above(NodeId id, std::uint32_t number, const Bits& bits, bool is_first) {
  for (NodeId above = id; above != none; above = nodes_[above].parent) {
    nodes_[above].subtree_accepts.add(number);
    if (is_first) ++nodes_[above].accepting_nodes;
    if (above == id) continue;
    for (std::size_t i = 0; i < words_; ++i) deep_[above * words_ + i] |= bits[i];
  }
}

NodeSet PathTrie::start() const {
  NodeSet nodes{root};
  close(nodes);
  return nodes;
}

void PathTrie::close(NodeSet& nodes) const {
  for (std::size_t i = 0; i < nodes.size(); ++i)  // also over what is appended on the way
    if (nodes_[nodes[i]].any != none) nodes.push_back(nodes_[nodes[i]].any);
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
}

void PathTrie::step_by_any_name(const NodeSet& from, NodeSet& to) const {
  to.clear();
  for (const NodeId id : from) {
    const Node& node = nodes_[id];
    if (node.stays) to.push_back(id);
    if (node.below != none) to.push_back(node.below);
    if (node.star != none) to.push_back(node.star);
  }
  close(to);
}

void PathTrie::append_step_by_literal(NodeId from, std::uint32_t component, NodeSet& to) const {
  if (const NodeId child = find_literal_child(from, component); child != none) to.push_back(child);
}

std::uint64_t PathTrie::append_step_by_globs(NodeId from, std::string_view name, NodeSet& to) const {
  const GlobEdges* edges = globs_of(from);
  if (edges == nullptr) return 0;
  std::uint64_t work = 0;
  const auto lookups = edges->for_each_candidate(name, [&](GlobEdges::Edge edge) {
    if (globs_[edge.glob].matches(name, work)) to.push_back(edge.child);
  });
  return work + lookups;
}

void PathTrie::step_by_separator(const NodeSet& from, NodeSet& to) const {
  to.clear();
  for (const NodeId id : from) {
    const Node& node = nodes_[id];
    if (node.separator != none) to.push_back(node.separator);
    if (node.products == none) continue;
    const NodeSet& shared = product_lists_[node.products];
    to.insert(to.end(), shared.begin(), shared.end());
  }
  close(to);
}

std::optional<NodeSet> PathTrie::walk(NodeSet nodes, std::string_view path) const {
  NodeSet next;
  const auto step = [&](std::string_view name) {
    step_by_any_name(nodes, next);
    const std::uint32_t component = find_component(name);
    for (const NodeId id : nodes) {
      if (component != none) append_step_by_literal(id, component, next);
      append_step_by_globs(id, name, next);
    }
    close(next);
    nodes.swap(next);
  };
  if (kind_ == Words::names) {
    step(path);
    return nodes;
  }
  if (path.empty() || path[0] != '/') return std::nullopt;
  for (std::size_t at = 1; path.size() > 1 && at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view name = path.substr(at, end - at);
    if (name.empty() || name == "." || name == "..") return std::nullopt;
    step(name);
    at = end + 1;
  }
  return nodes;
}

std::vector<std::uint32_t> PathTrie::accepts_of(const NodeSet& nodes) const {
  std::vector<std::uint32_t> accepts;
  for (const NodeId id : nodes) {
    const auto here = accepts_at(id);
    accepts.insert(accepts.end(), here.begin(), here.end());
  }
  std::sort(accepts.begin(), accepts.end());
  accepts.erase(std::unique(accepts.begin(), accepts.end()), accepts.end());
  return accepts;
}

void PathTrie::labels_of(const std::vector<std::uint32_t>& accepts, PathLabels& out) const {
  out.bits.assign(words_, 0);
  out.hits.clear();
  for (const auto number : accepts) {
    for (std::size_t i = 0; i < words_; ++i) out.bits[i] |= bits_[accepts_[number].bits][i];
    out.hits.push_back({accepts_[number].tag, &bits_[accepts_[number].bits]});
  }
}

PathTrie::NodeId PathTrie::find_literal_child(NodeId from, std::uint32_t component) const {
  if (nodes_[from].first_literal == none) return none;
  return literal_children_.find(from, component);
}

}  // namespace polc::sets
