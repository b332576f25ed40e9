// Characters that reorder or hide the text around them ("Trojan source"), and how a text shows them.
//   visible("/a\u202Eb")  ->  /a\u{202E}b
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace polc {

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 1;
  bool valid = false;  // UTF-8, shortest form, no surrogate
};
/// The character that begins at `text[at]`; an invalid byte is one by itself.
Character character_at(std::string_view text, std::size_t at);

/// Marks of direction, joiners, blanks without width, tags.
bool is_invisible(std::uint32_t code);

/// As the language escapes them in strings, which is where they can stand: `\u{H}`. Everything else stays.
std::string visible(std::string_view text);

}  // namespace polc
