#include "sets/path_space.hpp"

#include "sets/path_explorer.hpp"
#include "sets/path_trie.hpp"
#include "support/check.hpp"

namespace polc::sets {

struct PathSpace::Impl {
  PathTrie trie;
};

PathSpace::PathSpace(std::size_t columns) : impl_(std::make_unique<Impl>(Impl{PathTrie(columns)})) {}
PathSpace::~PathSpace() = default;
PathSpace::PathSpace(PathSpace&&) noexcept = default;
PathSpace& PathSpace::operator=(PathSpace&&) noexcept = default;

PathSpace::Place PathSpace::insert(const PathPattern& pattern, const Bits& bits, std::uint32_t tag) {
  return impl_->trie.insert(pattern, bits, tag);
}

void PathSpace::insert_at(Place place, const Bits& bits, std::uint32_t tag) { impl_->trie.insert_at(place, bits, tag); }

void PathSpace::insert_pair(const PathPattern& from, const PathPattern& to, const Bits& bits, std::uint32_t tag) {
  impl_->trie.insert_pair(from, to, bits, tag);
}

// So many pairs are inserted one by one: equal ones of several products then share their nodes, which every_pattern sees.
constexpr std::size_t few_pairs = 64;

void PathSpace::insert_product(std::span<const PathPattern> from, std::span<const PathPattern> to, const Bits& bits,
                               std::uint32_t tag) {
  if (from.size() * to.size() > few_pairs) return impl_->trie.insert_product(from, to, bits, tag);
  for (const PathPattern& first : from)
    for (const PathPattern& second : to) insert_pair(first, second, bits, tag);
}

void PathSpace::labels_of(std::string_view path, PathLabels& out) const {
  const PathTrie& trie = impl_->trie;
  POLC_CHECK(trie.kind() != PathTrie::Words::pairs, "a pair is asked of a space of pairs");
  const auto nodes = trie.walk(trie.start(), path);
  trie.labels_of(trie.accepts_of(nodes.value_or(PathTrie::NodeSet())), out);
}

void PathSpace::labels_of_pair(std::string_view from, std::string_view to, PathLabels& out) const {
  const PathTrie& trie = impl_->trie;
  POLC_CHECK(trie.kind() == PathTrie::Words::pairs || trie.kind() == PathTrie::Words::undecided,
             "only a space of pairs is asked for one");
  auto nodes = trie.walk(trie.start(), from);
  if (nodes) {
    PathTrie::NodeSet second;
    trie.step_by_separator(*nodes, second);
    nodes = trie.walk(std::move(second), to);
  }
  trie.labels_of(trie.accepts_of(nodes.value_or(PathTrie::NodeSet())), out);
}

bool PathSpace::explore(Budget& budget, PathQuestion& question) const {
  return PathExplorer(impl_->trie, budget, question).run();
}

bool PathSpace::every_pattern(const std::function<bool(const std::uint64_t* bits)>& holds) const {
  for (PathTrie::NodeId id = 0; id < impl_->trie.node_count(); ++id)
    if (!holds(impl_->trie.own_bits(id))) return false;
  return true;
}

std::size_t PathSpace::node_count() const { return impl_->trie.node_count(); }
std::size_t PathSpace::words() const { return impl_->trie.words(); }

}  // namespace polc::sets
