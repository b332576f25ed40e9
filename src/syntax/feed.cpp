#include "syntax/feed.hpp"

#include <algorithm>

#include "PolicyLexer.h"
#include "diag/catalogue.hpp"
#include "syntax/bytes.hpp"
#include "syntax/quoted.hpp"

namespace polc::syntax {
namespace {

using Lexer = grammar::PolicyLexer;

struct Hint {
  std::string_view seen;
  std::string_view text;
};
constexpr Hint hints[] = {
    {"`", "strings stand in double quotes"},
    {"\xE2\x80\x9C", "strings stand in straight double quotes"},  // typographic quotation marks
    {"\xE2\x80\x9D", "strings stand in straight double quotes"},
    {"!", "negation is written `not`"},
    {"*", "paths and patterns stand in double quotes"},
    {"$", "`$` stands before a variable's name"},
    {"\\", "a statement may go on in the next line as it is"},
};

bool is_dotted_number(char c) { return (c >= '0' && c <= '9') || c == '.'; }

}  // namespace

void Nesting::close(TokenKind bracket) {
  // Brackets that are missing in between are forgiven: the parser reports them, and a count that stayed up would add a
  // second, wrong message later.
  const auto opened =
      std::find_if(levels_.rbegin(), levels_.rend(), [&](const Level& l) { return l.bracket == bracket; });
  if (opened == levels_.rend()) return;
  const auto keep = static_cast<std::size_t>(levels_.rend() - opened) - 1;
  for (; levels_.size() > keep; levels_.pop_back()) negations_ -= levels_.back().negations;
  negations_ -= levels_.back().negations;  // `not (...)` is over
  levels_.back().negations = 0;
}

unsigned Nesting::after(TokenKind kind) {
  switch (kind) {
    case Lexer::LBRACE:
    case Lexer::LPAREN:
    case Lexer::LBRACK: levels_.push_back({kind, 0}); break;
    case Lexer::RBRACE: close(Lexer::LBRACE); break;
    case Lexer::RPAREN: close(Lexer::LPAREN); break;
    case Lexer::RBRACK: close(Lexer::LBRACK); break;
    case Lexer::NOT_:
      ++levels_.back().negations;
      ++negations_;
      break;
    case Lexer::SEMI:  // ends whatever was open but braces
      while (levels_.size() > 1 && levels_.back().bracket != Lexer::LBRACE) close(levels_.back().bracket);
      [[fallthrough]];
    case Lexer::AND_:
    case Lexer::OR_:
      negations_ -= levels_.back().negations;
      levels_.back().negations = 0;
      break;
    default: break;
  }
  return static_cast<unsigned>(levels_.size() - 1) + negations_;
}

void TokenFeed::report_dot(Lexeme dot) {
  auto range = range_of(dot);
  while (range.begin > 0 && is_dotted_number(text_[range.begin - 1])) --range.begin;
  while (range.end < text_.size() && is_dotted_number(text_[range.end])) ++range.end;
  sink_->add(diag::malformed_ipv4, range, clipped(text_.substr(range.begin, range.end - range.begin)));
  junk_end_ = range.end;  // the other dots of the same would-be address
}

// A run of stray characters is one mistake.
void TokenFeed::report_junk(Lexeme first) {
  if (first.begin < junk_end_) return;
  const auto seen = text_.substr(first.begin, first.end - first.begin);
  const auto touches_digit = [&](std::uint32_t at) {
    return at < text_.size() && text_[at] >= '0' && text_[at] <= '9';
  };
  if (seen == "." && (touches_digit(first.end) || (first.begin > 0 && touches_digit(first.begin - 1))))
    return report_dot(first);

  auto range = range_of(first);
  for (Scanner ahead(text_.substr(range.end)); range.end < text_.size();) {
    const auto next = ahead.next();
    if (next.kind != Lexer::JUNK || first.end + next.begin != range.end) break;
    range.end = first.end + next.end;
  }
  junk_end_ = range.end;
  auto added =
      sink_->add(diag::unexpected_character, range, quoted(text_.substr(range.begin, range.end - range.begin)));
  for (const auto& hint : hints)
    if (hint.seen == seen) added.note(std::string(hint.text));
}

// 'text', closed on its line: it is taken for the string that it would be in double quotes.
bool TokenFeed::is_single_quoted(Lexeme& lexeme) {
  if (text_[lexeme.begin] != '\'') return false;
  const auto close = text_.find_first_of("'\"\r\n", lexeme.end);
  if (close == std::string_view::npos || text_[close] != '\'') return false;
  lexeme = {Lexer::STRING, lexeme.begin, static_cast<std::uint32_t>(close + 1)};
  scanner_.go_to(lexeme.end);
  const auto range = range_of(lexeme);
  const auto inside = text_.substr(range.begin + 1, range.end - range.begin - 2);
  sink_->add(diag::unexpected_character, {file_, range.begin, range.begin + 1}, "`'`")
      .note("strings stand in double quotes")
      .fix(range, "\"" + std::string(inside) + "\"");
  return true;
}

// False: the parser is not to see it.
bool TokenFeed::passes(Lexeme& lexeme) {
  const auto begin = lexeme.begin;
  switch (lexeme.kind) {
    case Lexer::JUNK:
      if (!is_single_quoted(lexeme)) report_junk(lexeme);
      break;
    case Lexer::BAD_COMMENT: {
      const diag::SourceRange opening{file_, begin, begin + 2};
      auto added = sink_->add(diag::foreign_comment, opening, text_.substr(begin, 2));
      if (text_[begin + 1] == '/') added.fix(opening, "#");
      break;
    }
    case Lexer::BAD_STRING:
      sink_->add(diag::unclosed_string, {file_, begin, begin + 1});
      lexeme.kind = Lexer::STRING;
      break;
    default: return true;
  }
  last_mistake_ = begin + 1;
  return lexeme.kind == Lexer::STRING;
}

bool TokenFeed::is_past_limits(const Lexeme& lexeme) {
  const auto length = lexeme.end - lexeme.begin;
  if (length > longest_token) {
    sink_->add(diag::token_too_long, {file_, lexeme.begin, lexeme.begin + 1}, length, longest_token);
    last_mistake_ = lexeme.begin + 1;
  }
  if (nesting_.after(lexeme.kind) > deepest_nesting)
    sink_->add(diag::nested_too_deep, range_of(lexeme), deepest_nesting);
  else if (++statement_length_ > longest_statement)
    sink_->add(diag::statement_too_long, range_of(lexeme), longest_statement);
  else return false;
  last_mistake_ = lexeme.begin + 1;
  return true;
}

Lexeme TokenFeed::next() {
  const auto end = static_cast<std::uint32_t>(text_.size());
  while (!stopped_) {
    auto lexeme = scanner_.next();
    if (lexeme.kind == end_of_text) break;
    if (sink_->error_count() - errors_before_ >= most_mistakes) {
      sink_->add(diag::too_many_mistakes, range_of(lexeme), most_mistakes);
      stopped_ = true;
    } else if (passes(lexeme)) {
      stopped_ = is_past_limits(lexeme);
      if (!stopped_) return lexeme;
    }
  }
  return {end_of_text, end, end};
}

}  // namespace polc::syntax
