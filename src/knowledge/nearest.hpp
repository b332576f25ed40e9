// "Did you mean": the row whose name is nearest to a misspelt one. Private to this folder.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "knowledge/names.hpp"

namespace polc::knowledge {

/// Rows have a `name`. At most max(1, length/3) edits away; of equally near ones the first.
template <class Rows>
std::optional<std::string_view> nearest_of(const Rows& rows, std::string_view misspelt) {
  std::optional<std::string_view> best;
  unsigned allowed = std::max(1u, static_cast<unsigned>(misspelt.size() / 3)) + 1;
  for (const auto& row : rows) {
    const unsigned distance = edit_distance(row.name, misspelt);
    if (distance >= allowed) continue;
    best = row.name;
    allowed = distance;
  }
  return best;
}

}  // namespace polc::knowledge
