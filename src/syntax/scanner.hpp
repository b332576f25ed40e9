// Bytes to words and signs, by hand: the same language as grammar/PolicyLexer.g4, some forty times as fast.
//   Scanner scanner(text);   for (Lexeme l = scanner.next(); l.kind != end_of_text; l = scanner.next()) ...
// Any bytes will do: what fits nothing is a JUNK lexeme. Reporting mistakes is the business of TokenFeed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace polc::syntax {

/// The numbers of the generated lexer (PolicyLexer::STRING ...).
using TokenKind = std::size_t;
inline constexpr TokenKind end_of_text = static_cast<TokenKind>(-1);

struct Lexeme {
  TokenKind kind = end_of_text;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  /// Skips blanks and comments. At the end of the text: end_of_text, again and again.
  Lexeme next();
  /// Goes on at that byte.
  void go_to(std::size_t at) { at_ = at; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// How a word or sign is written ("policy", "=="); empty for kinds with many spellings (names, strings ...).
std::string_view spelling_of(TokenKind kind);

/// Whether the kind is a word of the language, reserved or not.
bool is_word(TokenKind kind);

}  // namespace polc::syntax
