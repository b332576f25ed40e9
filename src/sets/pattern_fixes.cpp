// Fix-its: the whole pattern, mended. A fix is only ever offered after it parsed.
#include <algorithm>

#include "sets/pattern_scanner.hpp"
#include "sets/utf8.hpp"

namespace polc::sets {
namespace {

using Code = PatternError::Code;
using Kind = PatternToken::Kind;

PatternText slice(const PatternText& text, std::size_t begin, std::size_t length) {
  PatternText part{text.bytes.substr(begin, length), {}};
  for (std::size_t i = begin; i < begin + part.bytes.size(); ++i)
    part.literal.push_back(i < text.literal.size() && text.literal[i]);
  return part;
}

/// What stands between two slashes that are not in braces.
struct Piece {
  std::string text;
  bool is_plain = true;  // just letters, so that a `..` behind it can be taken back
  bool starts_with_double_star = false;
  bool ends_with_double_star = false;
  bool has_double_star = false;
  std::string with_single_stars;  // `**` replaced by `*`
  std::string without_double_star;
};

bool is_some_star(const PatternToken& token) {
  return token.kind == Kind::double_star || (token.kind == Kind::step && token.step.kind == GlobStep::Kind::star);
}

// The bytes that are spelled together with a token: of `é`, which is two tokens, both.
std::size_t spelled_length(const PatternText& text, const PatternToken& token) {
  const bool is_byte = token.kind == Kind::step && token.step.kind == GlobStep::Kind::byte;
  return std::max<std::size_t>(token.length, is_byte ? utf8_at(text.bytes, token.offset).length : 0);
}

std::vector<Piece> top_level_pieces(const PatternText& text, const std::vector<PatternToken>& tokens) {
  std::vector<Piece> pieces(1);
  int depth = 0;
  std::size_t end = 0;  // of what is spelled already
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    if (token.offset < end) continue;  // the other bytes of `é` and of `[é]`
    end = token.offset + spelled_length(text, token);
    if (token.kind == Kind::close_brace) --depth;
    if (token.kind == Kind::slash && depth == 0) {
      pieces.emplace_back();
      continue;
    }
    if (token.kind == Kind::open_brace) ++depth;
    auto& piece = pieces.back();
    const std::string spelling = spelled_pattern(slice(text, token.offset, end - token.offset));
    const bool top_double_star = token.kind == Kind::double_star && depth == 0;
    if (piece.text.empty()) piece.starts_with_double_star = top_double_star;
    piece.is_plain = piece.is_plain && token.kind == Kind::step && token.step.kind == GlobStep::Kind::byte;
    piece.has_double_star = piece.has_double_star || top_double_star;
    piece.ends_with_double_star = top_double_star;
    const bool continues_stars = !piece.text.empty() && is_some_star(token) && is_some_star(tokens[i - 1]);
    if (!continues_stars) piece.with_single_stars += top_double_star ? "*" : spelling;
    piece.text += spelling;
    if (!top_double_star) piece.without_double_star += spelling;
  }
  return pieces;
}

bool is_glued(const Piece& piece) { return piece.has_double_star && piece.text != "**"; }

// `lib**.so` was written for "lib, anything, .so"; the language says that with the directories in front. A `**` that
// only ends the name (`/etc/ssl**`, as AppArmor has it) means the names that begin so and everything below them.
void append_unglued(std::vector<std::string>& out, const Piece& piece, bool is_last) {
  if (is_last && piece.ends_with_double_star && !piece.starts_with_double_star &&
      piece.with_single_stars == piece.without_double_star + "*") {
    out.push_back(piece.with_single_stars + "{,/**}");
    return;
  }
  out.push_back("**");
  out.push_back(piece.with_single_stars);
}

/// Empty when a `..` has nothing certain to take back.
std::string with_mended_pieces(const std::vector<Piece>& pieces) {
  std::vector<std::string> kept;
  std::vector<bool> plain;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    if (piece.text.empty() || piece.text == ".") continue;
    if (piece.text == "..") {
      if (kept.empty()) continue;  // the root's parent is the root
      if (!plain.back()) return {};
      kept.pop_back();
      plain.pop_back();
    } else if (is_glued(piece)) {
      append_unglued(kept, piece, i + 1 == pieces.size());
      plain.resize(kept.size(), false);
    } else {
      kept.push_back(piece.text);
      plain.push_back(piece.is_plain);
    }
  }
  std::string out;
  for (const auto& piece : kept) out += "/" + piece;
  return out.empty() ? "/" : out;
}

std::string with_escaped_byte(PatternText text, std::size_t at) {
  text.literal.resize(text.bytes.size());
  text.literal[at] = true;
  return spelled_pattern(text);
}

std::string with_reversed_range(const PatternText& text, const PatternError& error) {
  const std::string range = text.bytes.substr(error.offset, error.length);
  const std::size_t dash = range.find('-', 1);
  if (dash == std::string::npos) return {};
  PatternText swapped{range.substr(dash + 1) + "-" + range.substr(0, dash), {}};
  return spelled_pattern(slice(text, 0, error.offset)) + spelled_pattern(swapped) +
         spelled_pattern(slice(text, error.offset + error.length, text.bytes.size()));
}

}  // namespace

std::string mended_pattern(const PatternText& text, const PatternError& error) {
  switch (error.code) {
    case Code::relative:
      if (text.bytes.starts_with('~')) return {};  // a home directory, and nobody knows whose
      [[fallthrough]];
    case Code::dot:
    case Code::dot_dot:
    case Code::double_slash:
    case Code::trailing_slash:
    case Code::glued_double_star: {
      const auto tokens = scan_pattern(text, PatternFlavour::path);
      return tokens ? with_mended_pieces(top_level_pieces(text, *tokens)) : std::string();
    }
    case Code::unclosed_bracket:
    case Code::unclosed_brace:
    case Code::stray_brace:
    case Code::empty_class: return with_escaped_byte(text, error.offset);
    case Code::reversed_class: return with_reversed_range(text, error);
    case Code::nul_byte:
    case Code::bad_utf8:
    case Code::too_many_alternatives:
    case Code::too_long:
    case Code::too_deep: return {};
  }
  return {};
}

}  // namespace polc::sets
