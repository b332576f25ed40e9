// What a rule set permits, as a set. An access to a file needs rights that the rules met on the walk from it to the
// root have together; what is not handled is never asked. README.md says what the kernel asks for each kind of access.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "landlock/read.hpp"

namespace polc::landlock {

eval::Meaning permitted_by(const Document& document, const ir::Configuration& configuration,
                           const target::Settings& settings);

/// Where the walk finds all of the rights that something needs.
struct Grant {
  std::string path;
  bool is_tree =
      false;  // for all that lies below `path`, and for `path` as a directory; else for just `path`, as no directory
  unsigned line = 0;  // 0: nobody asks for these rights
};

/// The rules of a set by place.
class Walk {
 public:
  explicit Walk(const Ruleset& rules);

  /// Every rule that has one of the rights, where all of them are together. Rights that are not handled are not asked;
  /// where none is: all paths.
  std::vector<Grant> grants(Rights needed) const;
  std::vector<Grant> trees(Rights needed) const;
  /// Do two rights stand on the same paths?
  bool has_same_places(Rights a, Rights b) const;
  /// Does the rule set look at files at all?
  bool is_blind() const { return rules_.handled.files == 0; }
  bool asks(Rights needed) const { return (rules_.handled.files & needed) != 0; }
  const Ruleset& rules() const { return rules_; }
  /// Is there a rule on something below?
  bool has_below(const std::string& path) const;

 private:
  struct Place {
    const std::string* path;
    Rights above = 0;          // of rules on directories that hold it
    Rights file = 0, dir = 0;  // of all rules on it
  };
  const Place& place_of(const std::string& path) const;

  const Ruleset& rules_;
  std::vector<Place> places_;  // by path, each once
};

/// The parts of the set, as they are found.
struct Found {
  // The main plane holds what is surely so. In the second is what is possible besides: what happens by ways that nobody
  // can tell to be open, or by rules that may be gone. The rest are for renames and links (permits_pairs.cpp).
  enum Plane : std::uint8_t { main_plane, possible_plane, from_plane, to_plane, sure_to_plane, first_right_plane };

  std::vector<eval::Part> parts = {};
  eval::Formulas formulas = {};

  void add(ir::Box box, unsigned line, std::uint8_t plane = main_plane) {
    parts.push_back({ir::Effect::allow, std::move(box), {}, false, 0, plane, line});
  }
};

/// The patterns of a grant: what lies below a tree, or the name.
std::vector<sets::PathPattern> patterns_of(const Grant& grant);
/// All of the tree, its top as well.
std::vector<sets::PathPattern> whole_tree(const Grant& grant);
/// Rules below /proc end when the kernel forgets the inode.
bool is_lasting(const Grant& grant);

// permits_files.cpp, permits_pairs.cpp, permits_net.cpp
void permit_files(const Walk& walk, const Document& document, const ir::Configuration& configuration,
                  const target::Settings& settings, Found& found);
void permit_pairs(const Walk& walk, Found& found);
void permit_sockets(const Walk& walk, Found& found);
void permit_processes(const Ruleset& rules, Found& found);
void permit_calls(const Ruleset& rules, Found& found);

}  // namespace polc::landlock
