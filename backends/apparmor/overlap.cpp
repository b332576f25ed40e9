#include "apparmor/overlap.hpp"

#include <algorithm>
#include <functional>

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

std::optional<GlobStep> common(const GlobStep& a, const GlobStep& b) {
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind == GlobStep::Kind::byte) return a.byte == b.byte ? std::optional(a) : std::nullopt;
  GlobStep both{GlobStep::Kind::set, 0, a.characters & b.characters};
  return both.characters.empty() ? std::nullopt : std::optional(std::move(both));
}

// `below` as one component and then any number of them.
std::vector<Component> unfolded(const PathPattern& pattern) {
  std::vector<Component> items = pattern.components;
  if (!pattern.ends_in_below()) return items;
  items.back() = {Component::Kind::glob, "*"};
  items.push_back({Component::Kind::any, ""});
  return items;
}

bool is_any(const std::vector<Component>& items, std::size_t i) {
  return i < items.size() && items[i].kind == Component::Kind::any;
}

/// Cheap: the leading literals differ.
bool part_at_once(const PathPattern& a, const PathPattern& b) {
  for (std::size_t i = 0; i < a.components.size() && i < b.components.size(); ++i) {
    const Component &left = a.components[i], &right = b.components[i];
    if (left.kind != Component::Kind::literal || right.kind != Component::Kind::literal) return false;
    if (left.text != right.text) return true;
  }
  return false;
}

/// Walks two sequences side by side, where some items stand for any number of the other's: may both end together? Each pair
/// of places is looked at once.
template <class IsAny, class Meets>
bool end_together(std::size_t n, std::size_t m, const IsAny& any_a, const IsAny& any_b, const Meets& meets) {
  std::vector<std::vector<bool>> reached(n + 1, std::vector<bool>(m + 1, false));
  reached[0][0] = true;
  for (std::size_t i = 0; i <= n; ++i)
    for (std::size_t j = 0; j <= m; ++j) {
      if (!reached[i][j]) continue;
      const bool star_a = any_a(i), star_b = any_b(j);
      if (star_a) {
        reached[i + 1][j] = true;
        if (j < m) reached[i][j + 1] = true;
      }
      if (star_b) {
        reached[i][j + 1] = true;
        if (i < n) reached[i + 1][j] = true;
      }
      if (!star_a && !star_b && i < n && j < m && meets(i, j)) reached[i + 1][j + 1] = true;
    }
  return reached[n][m];
}

bool names_overlap(const Component& a, const Component& b) {
  const bool literal_a = a.kind == Component::Kind::literal, literal_b = b.kind == Component::Kind::literal;
  if (literal_a && literal_b) return a.text == b.text;
  const Steps left = characters_of(a), right = characters_of(b);
  const auto stars = [](const Steps& steps) {
    return std::function<bool(std::size_t)>(
        [&steps](std::size_t i) { return i < steps.size() && steps[i].kind == GlobStep::Kind::star; });
  };
  return end_together(left.size(), right.size(), stars(left), stars(right),
                      [&](std::size_t i, std::size_t j) { return common(left[i], right[j]).has_value(); });
}

}  // namespace

bool overlap(const PathPattern& a, const PathPattern& b) {
  if (a == b) return true;
  if (part_at_once(a, b)) return false;
  const std::vector<Component> left = unfolded(a), right = unfolded(b);
  const auto anys = [](const std::vector<Component>& items) {
    return std::function<bool(std::size_t)>([&items](std::size_t i) { return is_any(items, i); });
  };
  return end_together(left.size(), right.size(), anys(left), anys(right),
                      [&](std::size_t i, std::size_t j) { return names_overlap(left[i], right[j]); });
}

}  // namespace polc::apparmor
