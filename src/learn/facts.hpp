// What evidence says of files beside what was done to them: their types and owners.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "knowledge/vocabulary.hpp"
#include "learn/evidence.hpp"
#include "sets/path_pattern.hpp"

namespace polc::learn {

class Facts {
 public:
  explicit Facts(const std::vector<Fact>& facts);

  /// The one type that every fact of the path says; nullopt: none is known, or they disagree.
  std::optional<FileType> find_type(const sets::PathPattern& path) const;

  enum class Owner : std::uint8_t { unknown, self, root, other };
  /// `unknown`, too, where facts disagree.
  Owner owner_of(const sets::PathPattern& path) const;
  /// Every path that is a directory of the program's own account.
  std::vector<std::string> own_directories() const;

 private:
  std::map<std::string, std::optional<std::string>> types_, owners_;  // by the path as the language quotes it; none: disagreed
};

}  // namespace polc::learn
