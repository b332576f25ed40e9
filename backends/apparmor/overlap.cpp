#include "apparmor/overlap.hpp"

#include "sets/glob.hpp"
#include "sets/utf8.hpp"

namespace polc::apparmor {
namespace {

using sets::Component;
using sets::GlobStep;
using sets::NumberSet;
using sets::PathPattern;

using Steps = std::vector<GlobStep>;

// Bytes of one character become a set of that one, so that they meet `?` and `[...]`; other bytes stay as they are.
Steps characters_of(const Component& component) {
  Steps steps = sets::glob_steps(component);
  Steps out;
  for (std::size_t i = 0; i < steps.size();) {
    std::string bytes;
    for (std::size_t j = i; j < steps.size() && j < i + 4 && steps[j].kind == GlobStep::Kind::byte; ++j)
      bytes += steps[j].byte;
    const sets::Utf8Character character = sets::utf8_at(bytes, 0);
    if (character.length == 0) {
      if (steps[i].kind == GlobStep::Kind::one) steps[i] = {GlobStep::Kind::set, 0, sets::all_characters()};
      out.push_back(steps[i++]);
      continue;
    }
    out.push_back({GlobStep::Kind::set, 0, NumberSet::of(character.code)});
    i += character.length;
  }
  return out;
}

bool share_a_character(const GlobStep& a, const GlobStep& b) {
  if (a.kind != b.kind) return false;
  return a.kind == GlobStep::Kind::byte ? a.byte == b.byte : !(a.characters & b.characters).empty();
}

// `below` as one component and then any number of them.
std::vector<Component> unfolded(const PathPattern& pattern) {
  std::vector<Component> items = pattern.components;
  if (!pattern.ends_in_below()) return items;
  items.back() = {Component::Kind::glob, "*"};
  items.push_back({Component::Kind::any, ""});
  return items;
}

/// Walks two sequences side by side, where some items stand for any number of the other's: may both end together? Each pair
/// of places is looked at once.
template <class Item, class IsAny, class Meets>
bool end_together(const std::vector<Item>& a, const std::vector<Item>& b, const IsAny& is_any, const Meets& meets) {
  const std::size_t n = a.size(), m = b.size();
  std::vector<std::vector<bool>> reached(n + 1, std::vector<bool>(m + 1, false));
  reached[0][0] = true;
  for (std::size_t i = 0; i <= n; ++i)
    for (std::size_t j = 0; j <= m; ++j) {
      if (!reached[i][j]) continue;
      const bool any_a = i < n && is_any(a[i]), any_b = j < m && is_any(b[j]);
      if (any_a) {
        reached[i + 1][j] = true;
        if (j < m) reached[i][j + 1] = true;
      }
      if (any_b) {
        reached[i][j + 1] = true;
        if (i < n) reached[i + 1][j] = true;
      }
      if (!any_a && !any_b && i < n && j < m && meets(a[i], b[j])) reached[i + 1][j + 1] = true;
    }
  return reached[n][m];
}

bool names_overlap(const Component& a, const Component& b) {
  const bool literal_a = a.kind == Component::Kind::literal, literal_b = b.kind == Component::Kind::literal;
  if (literal_a && literal_b) return a.text == b.text;
  const auto is_star = [](const GlobStep& step) { return step.kind == GlobStep::Kind::star; };
  return end_together(characters_of(a), characters_of(b), is_star, share_a_character);
}

}  // namespace

bool may_overlap(const PathPattern& a, const PathPattern& b) {
  for (std::size_t i = 0; i < a.components.size() && i < b.components.size(); ++i) {
    const Component &left = a.components[i], &right = b.components[i];
    if (left.kind != Component::Kind::literal || right.kind != Component::Kind::literal) return true;
    if (left.text != right.text) return false;
  }
  return true;
}

bool overlap(const PathPattern& a, const PathPattern& b) {
  if (a == b) return true;
  if (!may_overlap(a, b)) return false;
  const auto is_any = [](const Component& component) { return component.kind == Component::Kind::any; };
  return end_together(unfolded(a), unfolded(b), is_any, names_overlap);
}

}  // namespace polc::apparmor
