// Lists in ascending order as sets.
#pragma once

#include <algorithm>
#include <vector>

namespace polc {

/// Adds what both have, ascending: the shorter's members are looked up in the longer, which may be thousands.
template <class T>
void add_common(const std::vector<T>& a, const std::vector<T>& b, std::vector<T>& into) {
  if (a.size() > b.size()) return add_common(b, a, into);
  for (const T& member : a)
    if (std::binary_search(b.begin(), b.end(), member)) into.push_back(member);
}

}  // namespace polc
