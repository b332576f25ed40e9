// Directories and all that lies below them, for targets whose rules hold on whole trees: grsecurity's objects, the paths of a
// systemd unit, rules beneath a directory.
#pragma once

#include <string>
#include <string_view>

#include "sets/path_pattern.hpp"

namespace polc::target {

/// Is `path` the directory `above`, or in it? Both are absolute, without a trailing slash but the root's.
bool covers(std::string_view above, std::string_view path);

/// Orders a directory before what lies in it, and that before its next sibling.
struct TreeOrder {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// The longest directory without wildcards that holds all of a pattern: /var/lib of /var/lib/**, and the name itself of one.
std::string literal_part(const sets::PathPattern& pattern);

}  // namespace polc::target
