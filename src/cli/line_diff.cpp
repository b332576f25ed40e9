#include "cli/line_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

namespace polc::cli {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t context = 3;
// The table of common lines has a cell for each pair; past this size the middle is shown as wholly replaced.
constexpr std::size_t most_cells = 25'000'000;

// Each with its line end; the last may have none.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

void add(std::string& to, char sign, std::string_view line) {
  to += sign;
  to += line;
  if (line.back() != '\n') to += "\n\\ No newline at end of file\n";
}

// The longest common subsequence, backwards, so that the walk goes forwards.
std::string body(const Lines& a, const Lines& b) {
  std::string text;
  const std::size_t width = b.size() + 1;
  std::vector<std::uint32_t> common;
  if (a.size() * b.size() <= most_cells) {
    common.assign((a.size() + 1) * width, 0);
    for (std::size_t i = a.size(); i-- > 0;)
      for (std::size_t j = b.size(); j-- > 0;)
        common[i * width + j] = a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1 : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
  }
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool both = i < a.size() && j < b.size();
    if (both && a[i] == b[j] && !common.empty()) add(text, ' ', a[i]), ++i, ++j;
    else if (i < a.size() && (j == b.size() || common.empty() || common[(i + 1) * width + j] >= common[i * width + j + 1])) add(text, '-', a[i++]);
    else add(text, '+', b[j++]);
  }
  return text;
}

}  // namespace

std::string unified_diff(const std::string& name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Lines a = lines_of(before), b = lines_of(after);
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t head = 0, tail = 0;
  while (head < shorter && a[head] == b[head]) ++head;
  while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const std::size_t lead = std::min(head, context), trail = std::min(tail, context);
  const auto middle = [&](const Lines& lines) { return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head), lines.end() - static_cast<std::ptrdiff_t>(tail)); };
  const Lines removed = middle(a), added = middle(b);
  std::string text = fmt::format("--- {0}\n+++ {0}\n@@ -{1},{2} +{1},{3} @@\n", name, head - lead + 1, lead + removed.size() + trail, lead + added.size() + trail);
  for (std::size_t i = head - lead; i < head; ++i) add(text, ' ', a[i]);
  text += body(removed, added);
  for (std::size_t i = a.size() - tail; i < a.size() - tail + trail; ++i) add(text, ' ', a[i]);
  return text;
}

}  // namespace polc::cli
