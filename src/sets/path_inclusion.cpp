#include "sets/path_inclusion.hpp"

#include <algorithm>

#include "sets/glob.hpp"
#include "sets/path_space.hpp"

namespace polc::sets {
namespace {

constexpr std::uint64_t steps_for_one_question = 5'000;
const Bits inner_bit{1}, outer_bit{2};

// Looks for a path with the bit of `inner` and without that of `outer`.
class Outside : public PathQuestion {
 public:
  bool may_matter(const Bits& lower, const Bits& upper) override { return (upper[0] & 1u) != 0 && (lower[0] & 2u) == 0; }
  bool needs_every_hit() const override { return false; }
  bool visit(const PathLabels& here, const std::function<std::vector<std::string>()>& witness) override {
    if ((here.bits[0] & 3u) != 1) return true;
    found = witness().front();
    return false;
  }
  std::optional<std::string> found;
};

// `P/**` over anything that goes on below P: the frequent case, without the algebra.
bool is_below(const PathPattern& outer, const PathPattern& inner) {
  const auto& out = outer.components;
  const auto& in = inner.components;
  if (!outer.ends_in_below() || in.size() < out.size()) return false;
  if (!std::equal(out.begin(), std::prev(out.end()), in.begin())) return false;
  return in[out.size() - 1].kind != Component::Kind::any;
}

// The least name of one component, were it alone: `a` for what is free. nullopt where that takes the algebra to tell.
std::optional<std::string> least_name(const Component& component) {
  if (component.kind == Component::Kind::below) return "a";
  std::string name;
  for (const GlobStep& step : glob_steps(component)) {
    if (step.kind == GlobStep::Kind::set) return std::nullopt;
    if (step.kind == GlobStep::Kind::byte) name += step.byte;
    if (step.kind == GlobStep::Kind::one) name += 'a';
  }
  if (name.empty()) return "a";
  return name == "." || name == ".." ? std::nullopt : std::optional(name);
}

// The frequent case, without the algebra: each component's own least name, and none for `/**/`.
std::optional<std::string> plain_path_in(const PathPattern& pattern) {
  std::string path;
  for (const Component& component : pattern.components) {
    if (component.kind == Component::Kind::any) continue;
    const bool is_whole = component.kind == Component::Kind::name || component.kind == Component::Kind::machine;
    const auto name = is_whole ? std::nullopt : least_name(component);
    if (!name) return std::nullopt;
    path += '/' + *name;
  }
  return path.empty() ? std::nullopt : std::optional(path);
}

}  // namespace

std::optional<std::string> path_in(const PathPattern& pattern) {
  if (pattern.is_literal()) return pattern.literal();
  if (auto path = plain_path_in(pattern)) return path;
  PathSpace space(2);
  space.insert(pattern, inner_bit, 0);
  Budget budget{steps_for_one_question};
  Outside question;
  space.explore(budget, question);
  return question.found;
}

bool includes(const PathPattern& outer, const PathPattern& inner) {
  if (outer == inner || is_below(outer, inner)) return true;
  if (inner.is_literal()) return outer.matches(inner.literal());
  if (outer.is_literal()) return false;
  PathSpace space(2);
  space.insert(inner, inner_bit, 0);
  space.insert(outer, outer_bit, 1);
  Budget budget{steps_for_one_question};
  Outside question;
  return space.explore(budget, question) && !question.found;
}

}  // namespace polc::sets
