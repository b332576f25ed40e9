// A text line by line.
//   while (!text.empty()) visit(take_line(text));
#pragma once

#include <algorithm>
#include <string_view>

namespace polc {

/// The first line, without its end; both are taken off the text.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// The line of this number, the first of which is 1; empty where there is none.
inline std::string_view line_at(std::string_view text, unsigned number) {
  std::string_view line;
  for (; number > 0; --number) line = text.empty() ? std::string_view() : take_line(text);
  return line;
}

}  // namespace polc
