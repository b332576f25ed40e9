#include "syntax/scanner.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "PolicyLexer.h"  // for the numbers of its tokens; the class itself is not linked
#include "PolicyParser.h"

// Why by hand: with the generated lexer, half the time of parsing went into walking its automaton one virtual call a
// character, and a policy of 100,000 rules took twice as long. The price is that the lexical rules are written twice.
// scanner_test.cpp therefore runs both over every policy here and over random text; a change to one alone fails.
namespace polc::syntax {
namespace {

using Lexer = grammar::PolicyLexer;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool continues_name(char c) { return starts_name(c) || is_digit(c); }
constexpr bool ends_line(char c) { return c == '\n' || c == '\r'; }

// Spellings of all kinds, by number, with the quotes of ANTLR's vocabulary taken off.
const std::vector<std::string>& spellings() {
  static const std::vector<std::string> table = [] {
    const auto vocabulary = grammar::PolicyParser(nullptr).getVocabulary();
    std::vector<std::string> spelt(vocabulary.getMaxTokenType() + 1);
    for (std::size_t kind = 0; kind < spelt.size(); ++kind) {
      const auto quoted = vocabulary.getLiteralName(kind);
      if (quoted.size() > 2) spelt[kind] = quoted.substr(1, quoted.size() - 2);
    }
    return spelt;
  }();
  return table;
}

TokenKind word_kind(std::string_view text) {
  static const std::unordered_map<std::string_view, TokenKind> words = [] {
    std::unordered_map<std::string_view, TokenKind> table;
    for (TokenKind kind = 0; kind < spellings().size(); ++kind)
      if (is_word(kind)) table.emplace(spellings()[kind], kind);
    return table;
  }();
  constexpr std::size_t longest_word = 11;  // abstraction, socketpair ...; spares hashing what cannot be one
  if (text.size() > longest_word) return Lexer::ID;
  const auto found = words.find(text);
  return found == words.end() ? static_cast<TokenKind>(Lexer::ID) : found->second;
}

// A position that never runs past the end: there it reads NUL, which belongs to no lexeme but JUNK.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }
  void skip(std::size_t bytes = 1) { at_ += bytes; }
  void to_end() { at_ = text_.size(); }
  template <class Holds>
  std::size_t skip_while(Holds holds) {
    const auto before = at_;
    while (at_ < text_.size() && holds(text_[at_])) ++at_;
    return at_ - before;
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::size_t at_;
};

void skip_blanks(Cursor& c) {
  for (;;) {
    c.skip_while([](char byte) { return byte == ' ' || byte == '\t' || byte == '\n'; });
    if (c.peek() == '\r' && c.peek(1) == '\n') c.skip(2);
    else if (c.peek() == '#') c.skip_while([](char byte) { return !ends_line(byte); });
    else return;
  }
}

TokenKind scan_string(Cursor& c) {
  c.skip();
  for (;;) {
    c.skip_while([](char byte) { return byte != '"' && byte != '\\' && !ends_line(byte) && byte != '\0'; });
    if (c.peek() == '"') return c.skip(), Lexer::STRING;
    if (c.peek() != '\\') return Lexer::BAD_STRING;
    c.skip();
    if (c.peek() == '\0' || ends_line(c.peek())) return Lexer::BAD_STRING;
    c.skip();
  }
}

// INT, SIZE and IP4 all begin with digits; the longest one holds.
TokenKind scan_number(Cursor& c) {
  if (c.peek() == '0' && c.peek(1) == 'x' && is_hex(c.peek(2))) {
    c.skip(2);
    c.skip_while(is_hex);
    return Lexer::INT;
  }
  c.skip_while(is_digit);
  Cursor dotted = c;
  int dots = 0;
  while (dots < 3 && dotted.peek() == '.' && is_digit(dotted.peek(1))) {
    dotted.skip();
    dotted.skip_while(is_digit);
    ++dots;
  }
  if (dots == 3) return c = dotted, Lexer::IP4;
  if (c.peek() == 'K' || c.peek() == 'M' || c.peek() == 'G') return c.skip(), Lexer::SIZE;
  return Lexer::INT;
}

TokenKind scan_bracket(Cursor& c) {
  c.skip();
  Cursor address = c;
  address.skip_while(is_hex);
  if (address.peek() != ':') return Lexer::LBRACK;
  address.skip_while([](char byte) { return is_hex(byte) || byte == ':' || byte == '.'; });
  if (address.peek() == '/' && is_digit(address.peek(1))) {
    address.skip();
    address.skip_while(is_digit);
  }
  if (address.peek() != ']') return Lexer::LBRACK;
  address.skip();
  return c = address, Lexer::IP6;
}

TokenKind scan_slash(Cursor& c) {
  if (c.peek(1) == '/') {
    c.skip_while([](char byte) { return !ends_line(byte); });
    return Lexer::BAD_COMMENT;
  }
  if (c.peek(1) != '*') return c.skip(), Lexer::SLASH;
  const auto close = c.text().find("*/", c.at() + 2);
  if (close == std::string_view::npos) c.to_end();
  else c.skip(close + 2 - c.at());
  return Lexer::BAD_COMMENT;
}

TokenKind scan_junk(Cursor& c) {
  c.skip();
  c.skip_while([](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; });  // a character as a whole
  return Lexer::JUNK;
}

TokenKind either(Cursor& c, char second, TokenKind both, TokenKind alone) {
  c.skip();
  if (c.peek() != second) return alone;
  return c.skip(), both;
}

TokenKind scan_sign(Cursor& c) {
  const auto sign = [&c](TokenKind kind) { return c.skip(), kind; };
  switch (c.peek()) {
    case '{': return sign(Lexer::LBRACE);
    case '}': return sign(Lexer::RBRACE);
    case '(': return sign(Lexer::LPAREN);
    case ')': return sign(Lexer::RPAREN);
    case ']': return sign(Lexer::RBRACK);
    case ';': return sign(Lexer::SEMI);
    case ',': return sign(Lexer::COMMA);
    case ':': return sign(Lexer::COLON);
    case '&': return sign(Lexer::AMP);
    case '|': return sign(Lexer::PIPE);
    case '~': return sign(Lexer::TILDE);
    case '@': return sign(Lexer::AT);
    case '-': return either(c, '>', Lexer::ARROW, Lexer::MINUS);
    case '=': return either(c, '=', Lexer::EQ, Lexer::ASSIGN);
    case '<': return either(c, '=', Lexer::LE, Lexer::LT);
    case '>': return either(c, '=', Lexer::GE, Lexer::GT);
    case '!': return c.peek(1) == '=' ? either(c, '=', Lexer::NE, Lexer::JUNK) : scan_junk(c);
    case '[': return scan_bracket(c);
    case '/': return scan_slash(c);
    case '"': return scan_string(c);
    default: return scan_junk(c);
  }
}

TokenKind scan(Cursor& c) {
  const char first = c.peek();
  if (starts_name(first)) {
    const auto begin = c.at();
    c.skip_while(continues_name);
    return word_kind(c.text().substr(begin, c.at() - begin));
  }
  if (is_digit(first)) return scan_number(c);
  if (first == '$' && starts_name(c.peek(1))) {
    c.skip();
    c.skip_while(continues_name);
    return Lexer::VAR;
  }
  return scan_sign(c);
}

}  // namespace

Lexeme Scanner::next() {
  Cursor cursor(text_, at_);
  skip_blanks(cursor);
  const auto begin = static_cast<std::uint32_t>(cursor.at());
  const auto kind = cursor.at_end() ? end_of_text : scan(cursor);
  at_ = cursor.at();
  return {kind, begin, static_cast<std::uint32_t>(at_)};
}

std::string_view spelling_of(TokenKind kind) {
  return kind < spellings().size() ? std::string_view(spellings()[kind]) : std::string_view{};
}

bool is_word(TokenKind kind) {
  const auto spelt = spelling_of(kind);
  return !spelt.empty() && starts_name(spelt.front());
}

}  // namespace polc::syntax
