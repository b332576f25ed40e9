#include "landlock/anchors.hpp"

#include <algorithm>

namespace polc::landlock {

Place place_of(const sets::PathPattern& pattern) {
  const auto is_literal = [](const sets::Component& component) { return component.kind == sets::Component::Kind::literal; };
  const auto wild = std::find_if_not(pattern.components.begin(), pattern.components.end(), is_literal);
  Place place;
  for (auto i = pattern.components.begin(); i != wild; ++i) place.path += '/', place.path += i->text;
  if (place.path.empty()) place.path += '/';
  if (wild == pattern.components.end()) place.kind = Place::Kind::name;
  else if (wild + 1 == pattern.components.end() && wild->kind == sets::Component::Kind::below) place.kind = Place::Kind::below;
  else place.kind = Place::Kind::partial;
  return place;
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash));
}

bool is_within(std::string_view path, std::string_view directory) {
  if (directory == "/") return true;
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

}  // namespace polc::landlock
