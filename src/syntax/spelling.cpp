#include "syntax/spelling.hpp"

#include <algorithm>
#include <vector>

namespace polc::syntax {
namespace {

// Insertions, deletions, replacements and swaps of neighbours. (knowledge has the same for call names; the layers keep
// the two apart.) Words longer than any keyword are cut by the caller, so the quadratic cost is bounded.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({replaced, d[i - 1][j] + 1, d[i][j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

std::string_view nearest_to(std::string_view word, std::span<const std::string_view> words) {
  constexpr std::size_t longest = 24;  // twice the longest keyword: nothing past it is near to one
  std::string_view nearest;
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  if (word.size() > longest) return nearest;
  for (const auto candidate : words) {
    const auto longer = std::max(word.size(), candidate.size());
    if (longer - std::min(word.size(), candidate.size()) >= best) continue;  // that many edits it takes at least
    const auto edits = distance(word, candidate);
    if (edits >= best || edits >= candidate.size()) continue;  // `x` is not near to `or`: nothing of it would be left
    best = edits;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace polc::syntax
