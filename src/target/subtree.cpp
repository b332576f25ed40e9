#include "target/subtree.hpp"

#include <algorithm>

namespace polc::target {

bool covers(std::string_view above, std::string_view path) {
  if (above == "/") return true;
  return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
}

bool TreeOrder::operator()(std::string_view a, std::string_view b) const {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (y == b.end()) return false;
  if (x == a.end()) return true;
  const auto rank = [](char c) { return c == '/' ? 0 : 1 + static_cast<unsigned char>(c); };
  return rank(*x) < rank(*y);
}

std::string literal_part(const sets::PathPattern& pattern) {
  std::string path;
  for (const sets::Component& component : pattern.components) {
    if (component.kind != sets::Component::Kind::literal) break;
    path += '/';
    path += component.text;
  }
  return path.empty() ? "/" : path;
}

}  // namespace polc::target
