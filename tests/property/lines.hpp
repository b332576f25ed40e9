// A text by lines, for tests that edit one.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace polc::property {

/// Without their line breaks.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace polc::property
