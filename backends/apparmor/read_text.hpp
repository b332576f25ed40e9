// The bytes of a pattern as apparmor_parser sees them, for the reader only: its lexer takes escapes off, and puts one back before
// what would otherwise mean something (processunquoted in parser_misc.c, convert_aaregex_to_pcre in parser_regex.c, 3.0 to 5.0).
//   symbols_of("/a\\x41\\052")  ->  / a A and an escaped *
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace polc::apparmor {

struct Symbol {
  unsigned char byte = 0;
  bool escaped = false;  // it stands for itself
  bool is(char c) const { return !escaped && byte == static_cast<unsigned char>(c); }
  bool is_slash() const { return byte == '/'; }
};
using Symbols = std::vector<Symbol>;

/// The text between the quotes. The error is a short sentence.
tl::expected<Symbols, std::string> symbols_of(std::string_view text);

/// Of a path: several slashes are one, but for two at its very beginning (filter_slashes).
Symbols with_single_slashes(const Symbols& symbols);

/// The same where nothing is a pattern: the name of a profile that a rule leads to.
std::string bytes_of(const Symbols& symbols);

}  // namespace polc::apparmor
