// The files that an artefact's text includes. A reader opens none: it asks for them by name, and whoever calls it says what is
// there (driver/include_dirs.hpp).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace polc::target {

struct IncludedFile {
  std::string name;  // as people know it; a file of that name is one file
  std::string text;
};

struct Found {
  enum class Kind { files, missing, unreadable } kind = Kind::missing;
  std::vector<IncludedFile> files = {};  // one, or those of a directory, by their names
  bool is_directory = false;
  std::string why = {};                  // unreadable
};

struct Includes {
  /// `name` is relative to the places where the target looks, or absolute. Unset: nothing is known of any file.
  std::function<Found(std::string_view name)> find = {};
  /// May a text be read of whose includes nothing is known? Then all that they could say is possible.
  bool may_be_unknown = false;
};

}  // namespace polc::target
