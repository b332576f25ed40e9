// Names for checks that belong together, for --select and --ignore.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace polc::lint {

struct Group {
  std::string_view name;
  std::vector<std::string_view> ids;  // or their beginnings
  std::string_view what;
};
const std::vector<Group>& groups();

/// A group's ids; the word itself when some check's id begins so; nullopt: neither.
std::optional<std::vector<std::string>> ids_of(std::string_view word);

}  // namespace polc::lint
