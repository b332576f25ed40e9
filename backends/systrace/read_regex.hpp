// Pieces of POSIX extended regular expressions, read as sets of characters. regexec works on bytes in the C locale, so a
// character beyond ASCII stands there as alternatives of byte ranges: `([!-.0-~]|[\xC3-\xDF][\x80-\xBF]|...)`.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sets/glob.hpp"

namespace polc::systrace::syntax {

/// Behind the `]` of the bracket expression that begins at `at`; the text's end when it is not closed.
std::size_t end_of_bracket(std::string_view regex, std::size_t at);

/// The text between two parentheses that enclose all of it, cut at each `|` outside of inner ones; a text without them is
/// its own only alternative.
std::vector<std::string_view> alternatives_of(std::string_view regex);

/// One literal, bracket expression or alternation at `at` that takes exactly one UTF-8 character (or one byte); moves
/// behind it. nullopt: something else, or something that is repeated.
std::optional<sets::GlobStep> one_character(std::string_view regex, std::size_t& at);

}  // namespace polc::systrace::syntax
