// Where a rule that knows only objects and trees must stand so that a pattern's accesses are inside it.
//   place_of("/var/log/*.log")  ->  {"/var/log", Place::Kind::partial}
#pragma once

#include <string>
#include <string_view>

#include "sets/path_pattern.hpp"
#include "target/subtree.hpp"

namespace polc::landlock {

struct Place {
  enum class Kind : std::uint8_t {
    name,     // just this path
    below,    // everything below it
    partial,  // some of what is below it
  };
  std::string path;
  Kind kind{};
};

Place place_of(const sets::PathPattern& pattern);

/// The directory that holds it; of "/" that is itself.
std::string parent_of(std::string_view path);
/// Is it the directory, or in it?
inline bool is_within(std::string_view path, std::string_view directory) { return target::covers(directory, path); }

}  // namespace polc::landlock
