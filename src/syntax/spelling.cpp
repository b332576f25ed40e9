#include "syntax/spelling.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "support/edit_distance.hpp"

namespace polc::syntax {

std::string_view nearest_to(std::string_view word, std::span<const std::string_view> words) {
  constexpr std::size_t longest = 24;  // twice the longest keyword: nothing past it is near to one
  if (word.size() > longest) return {};
  std::vector<std::string_view> candidates;  // `x` is not near to `;`: nothing of it would be left
  std::copy_if(words.begin(), words.end(), std::back_inserter(candidates), [](std::string_view one) { return one.size() > 1; });
  return nearest_of(word, candidates).value_or("");
}

}  // namespace polc::syntax
