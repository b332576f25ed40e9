// An independent reading of the pattern language: braces by text substitution, everything else by trying all ways.
// Knows no escapes. Exponential, and meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace polc::sets::naive {

/// Every way through the braces, as text.
inline std::vector<std::string> expanded(const std::string& pattern) {
  const auto open = pattern.find('{');
  if (open == std::string::npos) return {pattern};
  int depth = 0;
  std::vector<std::string> alternatives(1);
  std::size_t at = open;
  for (;; ++at) {
    const char c = pattern[at];
    if (c == '{' && depth++ == 0) continue;
    if (c == '}' && --depth == 0) break;
    if (c == ',' && depth == 1) alternatives.emplace_back();
    else alternatives.back() += c;
  }
  std::vector<std::string> result;
  for (const auto& alternative : alternatives)
    for (auto& text : expanded(pattern.substr(0, open) + alternative + pattern.substr(at + 1))) result.push_back(text);
  return result;
}

inline std::size_t character_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  return length <= text.size() ? length : 0;  // the tests' names hold no other mistakes
}

inline bool name_matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*') {
    for (std::size_t i = 0; i <= name.size(); ++i)
      if (name_matches(pattern.substr(1), name.substr(i))) return true;
    return false;
  }
  const std::size_t length = character_length(name);
  if (pattern[0] == '?') return length > 0 && name_matches(pattern.substr(1), name.substr(length));
  if (pattern[0] == '[') {
    const auto close = pattern.find(']');
    const bool negated = pattern[1] == '!';
    bool listed = false;
    for (std::size_t i = negated ? 2 : 1; i < close; ++i) {
      const bool is_range = i + 2 < close && pattern[i + 1] == '-';
      if (length == 1 && name[0] >= pattern[i] && name[0] <= pattern[is_range ? i + 2 : i]) listed = true;
      if (is_range) i += 2;
    }
    return length > 0 && listed != negated && name_matches(pattern.substr(close + 1), name.substr(length));
  }
  return !name.empty() && name[0] == pattern[0] && name_matches(pattern.substr(1), name.substr(1));
}

inline std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> names;
  for (const char c : path) {
    if (c == '/') names.emplace_back();
    else names.back() += c;
  }
  return names;
}

using Names = std::vector<std::string>;

inline bool names_match(const Names& pattern, std::size_t p, const Names& path, std::size_t n) {
  if (p == pattern.size()) return n == path.size();
  if (pattern[p] == "**" && p + 1 == pattern.size()) return n < path.size();
  if (pattern[p] == "**")
    return names_match(pattern, p + 1, path, n) || (n < path.size() && names_match(pattern, p, path, n + 1));
  return n < path.size() && !path[n].empty() && name_matches(pattern[p], path[n]) &&
         names_match(pattern, p + 1, path, n + 1);
}

/// Alternatives with `//` or a `/` at the end are those that the language drops.
inline bool matches(const std::string& pattern, bool tree, const std::string& path) {
  const Names names = path == "/" ? Names() : split(path);
  for (const auto& plain : expanded(pattern)) {
    if (plain == "/") {
      if (tree || path == "/") return true;
      continue;
    }
    if (plain.find("//") != std::string::npos || plain.back() == '/') continue;
    Names components = split(plain);
    if (names_match(components, 0, names, 0)) return true;
    components.emplace_back("**");
    if (tree && names_match(components, 0, names, 0)) return true;
  }
  return false;
}

}  // namespace polc::sets::naive
