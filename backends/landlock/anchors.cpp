#include "landlock/anchors.hpp"

#include <algorithm>

namespace polc::landlock {

Place place_of(const sets::PathPattern& pattern) {
  const auto is_literal = [](const sets::Component& component) {
    return component.kind == sets::Component::Kind::literal;
  };
  const auto wild = std::find_if_not(pattern.components.begin(), pattern.components.end(), is_literal);
  const auto kind_of = [&] {
    if (wild == pattern.components.end()) return Place::Kind::name;
    const bool is_rest = wild + 1 == pattern.components.end() && wild->kind == sets::Component::Kind::below;
    return is_rest ? Place::Kind::below : Place::Kind::partial;
  };
  const sets::PathPattern fixed{sets::Components::List(pattern.components.begin(), wild)};
  return {fixed.literal(), kind_of()};
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash));
}

}  // namespace polc::landlock
