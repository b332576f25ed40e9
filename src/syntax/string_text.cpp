#include "syntax/string_text.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "syntax/bytes.hpp"
#include "syntax/quoted.hpp"

namespace polc::syntax {
namespace {

constexpr bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

// The smallest unit of a string: one byte as it stands, one escape, one variable.
struct Piece {
  enum class Kind : std::uint8_t { plain, literal, variable, unknown_escape, bad_hex, bad_unicode, nul, lone_dollar };
  Kind kind = Kind::plain;
  std::size_t length = 1;  // bytes as written
  std::string text;        // what they mean; a variable's name
};

std::string utf8_of(std::uint32_t c) {
  const auto tail = [](std::uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | (c >> 6)), tail(c)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | (c >> 12)), tail(c >> 6), tail(c)};
  return {static_cast<char>(0xF0 | (c >> 18)), tail(c >> 12), tail(c >> 6), tail(c)};
}

std::uint32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits)
    value = value * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  return value;
}

std::size_t hex_digits(std::string_view text, std::size_t from, std::size_t most) {
  std::size_t count = 0;
  while (count < most && from + count < text.size() && is_hex(text[from + count])) ++count;
  return count;
}

// `text` begins with `\x`.
Piece hex_piece(std::string_view text) {
  const auto digits = hex_digits(text, 2, 2);
  if (digits < 2) return {Piece::Kind::bad_hex, 2 + digits, std::string(text.substr(0, 2 + digits))};
  const auto value = hex_value(text.substr(2, 2));
  if (value == 0) return {Piece::Kind::nul, 4, std::string(text.substr(0, 4))};
  return {Piece::Kind::literal, 4, std::string(1, static_cast<char>(value))};
}

// `text` begins with `\u`.
Piece unicode_piece(std::string_view text) {
  const bool braced = text.size() > 2 && text[2] == '{';
  const auto digits = braced ? hex_digits(text, 3, 6) : 0;
  const auto close = 3 + digits;
  const bool closed = braced && close < text.size() && text[close] == '}';
  const auto length = closed ? close + 1 : std::min(text.size(), braced ? close : std::size_t{2});
  const auto written = std::string(text.substr(0, length));
  const auto value = hex_value(text.substr(std::min<std::size_t>(3, text.size()), digits));
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (!closed || digits == 0 || value > 0x10FFFF || surrogate) return {Piece::Kind::bad_unicode, length, written};
  if (value == 0) return {Piece::Kind::nul, length, written};
  return {Piece::Kind::literal, length, utf8_of(value)};
}

// `text` begins with a backslash.
Piece escape_piece(std::string_view text) {
  const char escaped = text.size() > 1 ? text[1] : '\0';
  switch (escaped) {
    case '"':
    case '$': return {Piece::Kind::plain, 2, std::string(1, escaped)};
    case 'n': return {Piece::Kind::plain, 2, "\n"};
    case 't': return {Piece::Kind::plain, 2, "\t"};
    case '\\':
    case '*':
    case '?':
    case '[':
    case ']':
    case '{':
    case '}':
    case ',': return {Piece::Kind::literal, 2, std::string(1, escaped)};
    case 'x': return hex_piece(text);
    case 'u': return unicode_piece(text);
    default: break;
  }
  const auto length = text.size() < 2 ? 1 : 1 + std::max<std::size_t>(character_length(text, 1), 1);
  return {Piece::Kind::unknown_escape, length, std::string(text.substr(0, length))};
}

// `text` begins with `$`.
Piece variable_piece(std::string_view text) {
  const bool braced = text.size() > 1 && text[1] == '{';
  const std::size_t begin = braced ? 2 : 1;
  std::size_t end = begin;
  if (begin < text.size() && starts_name(text[begin]))
    while (end < text.size() && continues_name(text[end])) ++end;
  const bool closed = !braced || (end < text.size() && text[end] == '}');
  if (end == begin || !closed) return {Piece::Kind::lone_dollar, 1, "$"};
  return {Piece::Kind::variable, end + (braced ? 1 : 0), std::string(text.substr(begin, end - begin))};
}

Piece first_piece(std::string_view text) {
  if (text[0] == '\\') return escape_piece(text);
  if (text[0] == '$') return variable_piece(text);
  return {Piece::Kind::plain, 1, std::string(1, text[0])};
}

void report(const Piece& piece, diag::SourceRange range, diag::Sink& sink) {
  switch (piece.kind) {
    case Piece::Kind::plain:
    case Piece::Kind::literal:
    case Piece::Kind::variable: return;
    case Piece::Kind::unknown_escape:
      sink.add(diag::unknown_escape, range, piece.text).note("a backslash itself is written `\\\\`");
      return;
    case Piece::Kind::bad_hex: sink.add(diag::malformed_hex_escape, range); return;
    case Piece::Kind::bad_unicode: sink.add(diag::malformed_unicode_escape, range); return;
    case Piece::Kind::nul: sink.add(diag::nul_escape, range, piece.text); return;
    case Piece::Kind::lone_dollar: sink.add(diag::nameless_variable, range).fix(range, "\\$"); return;
  }
}

// Calls `use(piece, range)` for each piece.
template <class Use>
void for_each_piece(const ast::String& string, Use use) {
  const std::string_view raw = string.raw;
  for (std::size_t at = 0; at < raw.size();) {
    const auto piece = first_piece(raw.substr(at));
    const auto begin = string.range.begin + 1 + static_cast<std::uint32_t>(at);
    at += piece.length;
    use(piece, diag::SourceRange{string.range.file, begin, begin + static_cast<std::uint32_t>(piece.length)});
  }
}

}  // namespace

std::vector<StringPart> parts_of(const ast::String& string) {
  std::vector<StringPart> parts;
  for_each_piece(string, [&](const Piece& piece, diag::SourceRange range) {
    if (piece.kind == Piece::Kind::variable) {
      parts.push_back({StringPart::Kind::variable, {}, {}, piece.text, range});
      return;
    }
    if (parts.empty() || parts.back().kind != StringPart::Kind::text)
      parts.push_back({StringPart::Kind::text, {}, {}, {}, range});
    auto& part = parts.back();
    part.text += piece.text;
    part.literal.resize(part.text.size(), piece.kind == Piece::Kind::literal);
    part.range.end = range.end;
  });
  return parts;
}

void check_escapes(const ast::String& string, diag::Sink& sink) {
  if (string.raw.find_first_of("\\$") == std::string::npos) return;
  for_each_piece(string, [&](const Piece& piece, diag::SourceRange range) { report(piece, range, sink); });
}

}  // namespace polc::syntax
