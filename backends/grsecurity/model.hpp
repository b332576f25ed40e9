// Letters and paths, as the writing side sees them: which letters a verb needs on an object, and which object holds a pattern.
//   letters_for(FileVerb::create)       letter_w | letter_c
//   object_of(/var/lib/tor/**)          "/var/lib/tor"
// What letters then permit says the reader alone (permits_files.cpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "grsecurity/options.hpp"
#include "target/subtree.hpp"

namespace polc::grsecurity {

/// Rights of an object. `seen` is no letter of gradm: somebody needs the object not to be hidden, if only with an empty
/// mode.
using Letters = std::uint8_t;
inline constexpr Letters letter_r = 1, letter_w = 2, letter_a = 4, letter_x = 8, letter_c = 16, letter_d = 32,
                         letter_l = 64, letter_seen = 128, every_letter = 255;

using target::covers;
using target::TreeOrder;

/// The object that holds all of a pattern: its longest literal directory. nullopt: gradm cannot read that path.
std::optional<std::string> object_of(const sets::PathPattern& pattern);
/// gradm would take it for something else, or not at all.
bool is_printable_path(std::string_view path);

/// The letters that a verb needs, with those of the verbs that it implies (exec brings reading). 0: not mediated.
Letters letters_for(FileVerb verb);
/// The letters to take off so that the verb is refused. Append is lost with `w` unless another rule allows it by itself.
Letters letters_against(FileVerb verb, bool keeps_append);

}  // namespace polc::grsecurity
