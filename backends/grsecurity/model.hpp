// What both halves of the writing side share: the letters of an object, what they grant, and which construct says a
// piece.
//   granted_by / removed_by are the only place that says what a letter means; read.cpp says it a second time, on its
//   own.
//
// A box is said by objects (each covers its whole subtree), by connect and bind rules, by capabilities, by families or
// by transition lists. Nothing here prints, and nothing decides points.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "target/backend.hpp"

namespace polc::grsecurity {

/// Rights of an object. `seen` is no letter of gradm: somebody needs the object not to be hidden, if only with an empty
/// mode.
using Letters = std::uint8_t;
inline constexpr Letters letter_r = 1, letter_w = 2, letter_a = 4, letter_x = 8, letter_c = 16, letter_d = 32,
                         letter_l = 64, letter_seen = 128;

enum class Construct : std::uint8_t {
  nothing,       // the target refuses it already
  grant,         // letters on the objects of the wanted places
  drop,          // these letters off the objects
  hide,          // `h`
  connect_rule,  // also for what connect rules decide besides: send and receive of UDP
  bind_rule,
  socket_words,  // the types and protocols that socket() needs, in a rule that permits no address
  family,        // sock_allow_family
  capability,
  transition,  // user_transition_*, group_transition_*
};
constexpr std::uint16_t form_of(Construct construct, Letters letters = 0) {
  return static_cast<std::uint16_t>(static_cast<unsigned>(construct) << 8 | letters);
}
constexpr Construct construct_of(std::uint16_t form) { return static_cast<Construct>(form >> 8); }
constexpr Letters letters_of(std::uint16_t form) { return static_cast<Letters>(form); }

/// gradm 2.1.8 knows fewer words: option version=2.1.
bool is_old(const target::Settings& settings);

/// Does the object `above` cover `path`? Both are absolute, without a trailing slash.
bool covers(std::string_view above, std::string_view path);
/// Orders a directory before what lies in it, and that before its next sibling.
struct TreeOrder {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// The object that holds all of a pattern: its longest literal directory. nullopt: gradm cannot read that path.
std::optional<std::string> object_of(const sets::PathPattern& pattern);
/// The path and everything below it, as patterns.
std::vector<sets::PathPattern> tree_of(std::string_view path);
std::vector<sets::PathPattern> trees_of(const std::vector<std::string>& paths);
sets::PathPattern literal_of(std::string_view path);
/// gradm would take it for something else, or not at all.
bool is_printable_path(std::string_view path);

/// The letters that a verb needs, with those of the verbs that it implies (exec brings reading). 0: not mediated.
Letters letters_for(FileVerb verb);

ir::FileBox file_box(FileVerbs verbs, std::vector<sets::PathPattern> places, FileTypes types = FileTypes::all());
/// unix sockets with a name in the file system.
ir::NetBox unix_box(NetVerbs verbs, std::vector<sets::PathPattern> places);
ir::PairBox pair_box(FileVerb verb, std::vector<sets::PathPattern> from, std::vector<sets::PathPattern> to);

/// What an object permits once it has all of `needs`, and no sooner.
struct Right {
  Letters needs;
  FileVerbs files;
  NetVerbs sockets;
};
const std::vector<Right>& rights();
/// What any object permits that is not hidden.
void add_seen(std::vector<ir::Box>& boxes, const std::vector<sets::PathPattern>& places);

/// What is lost below `path` with these letters, or by hiding it.
std::vector<ir::Box> removed_by(Letters letters, const std::string& path);
std::vector<ir::Box> hidden_by(const std::string& path);

/// The programs' paths, each a subject; a policy without programs has one place-holder. gradm puts `rx` on each itself.
std::vector<std::string> subjects_of(const ir::Policy& policy);

}  // namespace polc::grsecurity
