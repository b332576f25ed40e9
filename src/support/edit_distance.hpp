// "Did you mean": how far apart are two words, and which of many is nearest to a misspelt one?
//   nearest_of("opne", words)   nearest_of("opne", rows, [](const Row& row) { return row.name; })
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

namespace polc {

/// Insertions, deletions, replacements and swaps of neighbours. The cost is the product of the sizes.
unsigned edit_distance(std::string_view a, std::string_view b);

/// At most a third of its letters away, but always one; of equally near ones the first.
template <class Rows, class WordOf = std::identity>
std::optional<std::string_view> nearest_of(std::string_view misspelt, const Rows& rows, const WordOf& word_of = {}) {
  std::optional<std::string_view> best;
  std::size_t below = std::max<std::size_t>(1, misspelt.size() / 3) + 1;
  for (const auto& row : rows) {
    const std::string_view word = word_of(row);
    const auto [shorter, longer] = std::minmax({word.size(), misspelt.size()});  // values: of two arguments it keeps references
    if (longer - shorter >= below) continue;  // that many edits it takes at least
    const unsigned distance = edit_distance(word, misspelt);
    if (distance >= below) continue;
    best = word;
    below = distance;
  }
  return best;
}

}  // namespace polc
