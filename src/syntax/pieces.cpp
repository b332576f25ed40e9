#include "syntax/pieces.hpp"

#include <algorithm>
#include <array>

#include "syntax/scanner.hpp"

namespace polc::syntax {
namespace {

std::string_view without_blanks(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\r");
  return text.substr(0, end == text.npos ? 0 : end + 1);
}

// The comments between two words; returns the lines after the last of them.
unsigned add_comments(std::string_view gap, std::vector<Piece>& pieces) {
  unsigned lines = 0;
  while (!gap.empty()) {
    const std::size_t stop = std::min(gap.find_first_of("#\n"), gap.size());
    gap.remove_prefix(stop);
    if (gap.empty()) break;
    if (gap.front() == '\n') {
      ++lines;
      gap.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(gap.find('\n'), gap.size());
    pieces.push_back({without_blanks(gap.substr(0, end)), true, lines});
    lines = 0;
    gap.remove_prefix(end);
  }
  return lines;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }
bool is_number(std::string_view word) { return !word.empty() && word.front() >= '0' && word.front() <= '9'; }

}  // namespace

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  Scanner scanner(text);
  std::size_t at = 0;
  for (Lexeme lexeme = scanner.next(); lexeme.kind != end_of_text; lexeme = scanner.next()) {
    const unsigned lines = add_comments(text.substr(at, lexeme.begin - at), pieces);
    pieces.push_back({text.substr(lexeme.begin, lexeme.end - lexeme.begin), false, lines});
    at = lexeme.end;
  }
  add_comments(text.substr(at), pieces);
  return pieces;
}

bool is_apart(std::string_view before, std::string_view after, const Surroundings& where) {
  if (is_one_of(after, {",", ";", ")", "]", "/"}) || is_one_of(before, {"(", "[", "~", "@", "-", "/"})) return false;
  // 80-90 and any:443; wider: systrace.
  if (after == ":") return false;
  if (before == ":") return where.in_annotation;
  if (after == "-") return !is_number(before);
  if (after == "[") return before != "arg";
  if (after == "(") return !where.in_annotation && !where.takes_arguments;
  return true;
}

}  // namespace polc::syntax
