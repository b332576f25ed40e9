// What a string of the source says: escapes decoded, variables found, pattern signs told from literal ones.
//   for (const StringPart& part : parts_of(path)) ...   // "/home/$user/\*" is text, variable, text
#pragma once

#include <string>
#include <vector>

#include "diag/sink.hpp"
#include "syntax/ast.hpp"

namespace polc::syntax {

struct StringPart {
  enum class Kind : std::uint8_t { text, variable };
  Kind kind = Kind::text;
  std::string text;           // of a text: decoded
  std::vector<bool> literal;  // of a text, one for each byte: it stands for itself where a pattern is read
  std::string name;           // of a variable
  diag::SourceRange range;    // as written, inside the quotes
};

/// Literal are the bytes of `\*` `\?` `\[` `\]` `\{` `\}` `\,` `\\`, of `\xHH` and of `\u{H}`. `\$` is a dollar,
/// `$name` and
/// `${name}` are variables. An escape that check_escapes() would report stands as it is written.
std::vector<StringPart> parts_of(const ast::String& string);

/// Reports every escape and every `$` that means nothing. parse() does this for all strings of a file.
void check_escapes(const ast::String& string, diag::Sink& sink);

}  // namespace polc::syntax
