// By what a program shows that it needs an abstraction of the library: the table marks.def.
#pragma once

#include <span>
#include <string_view>

namespace polc::learn {

struct Mark {
  std::string_view abstraction;
  unsigned least = 0;        // calls of its own that must have been seen
  std::string_view accesses; // empty: never used by itself
  std::string_view why_not;
};
std::span<const Mark> marks();

}  // namespace polc::learn
