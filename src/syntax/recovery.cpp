// What FileParser does about a mistake: say it once, repair what can be repaired, find where to go on.
#include "PolicyLexer.h"
#include "diag/catalogue.hpp"
#include "syntax/expectation.hpp"
#include "syntax/file_parser.hpp"

namespace polc::syntax {
namespace {

using Lexer = grammar::PolicyLexer;

Inside inside_of(TokenKind opener) {
  switch (opener) {
    case Lexer::ABSTRACTION_:
    case Lexer::POLICY_:
    case Lexer::OVERLAY_:
    case Lexer::WHEN_:
    case Lexer::ELSE_: return Inside::statements;
    case Lexer::TARGET_: return Inside::entries;
    case Lexer::EXPECT_: return Inside::rules;
    case Lexer::VARIANT_: return Inside::unknown;
    default: return opens_statement(opener) ? Inside::nothing : Inside::unknown;
  }
}

}  // namespace

bool opens_item(TokenKind kind) {
  return kind == Lexer::POLICY_ || kind == Lexer::ABSTRACTION_ || kind == Lexer::OVERLAY_ || kind == Lexer::IMPORT_ ||
         kind == Lexer::VARIANT_;
}

// Up to three repairs a statement: more would be guessing. After the first one only what can be repaired is reported,
// as anything else may follow from a wrong guess.
Context* FileParser::parse(Entry entry) {
  constexpr int most_repairs = 3;
  const auto start = parser_.peek();
  for (int repairs = 0;; ++repairs) {
    if (auto* tree = parser_.parse(entry)) return tree;
    const auto& failure = parser_.failure();
    const auto previous = failure.at > 0 ? parser_.peek(failure.at - 1) : parser_.previous();
    const Mistake mistake{parser_.peek(failure.at), previous, parser_.peek(failure.at + 1), failure.expected};
    advice_ = explainer_.remedy_of(mistake);
    const bool consequence = feed_.last_mistake() > start.begin || (repairs > 0 && advice_.remedy == Remedy::skip);
    if (!consequence && !feed_.stopped()) advice_ = explainer_.explain(mistake);
    if (advice_.remedy != Remedy::retype || repairs == most_repairs) return nullptr;
    parser_.retype(failure.at, advice_.kind);
  }
}

// The word that the statement ahead begins with, behind its annotations.
TokenKind FileParser::opener() {
  std::size_t at = 0;
  while (parser_.peek(at).kind == Lexer::AT && parser_.peek(at + 2).kind == Lexer::LPAREN) {
    for (at += 3; parser_.peek(at).kind != Lexer::RPAREN; ++at)
      if (const auto kind = parser_.peek(at).kind; kind == Lexer::SEMI || kind == end_of_text) return kind;
    ++at;
  }
  return parser_.peek(at).kind;
}

bool FileParser::at_next_statement(const Lexeme& next, std::size_t depth) {
  if (!opens_statement(next.kind)) return false;
  const auto gap = reading_.text.substr(parser_.previous().end, next.begin - parser_.previous().end);
  const auto line_feed = gap.rfind('\n');
  if (line_feed == std::string_view::npos) return false;
  // At the very start of a line even an unclosed brace does not hold an item back.
  return depth == 0 || (opens_item(next.kind) && line_feed + 1 == gap.size());
}

// Skips the statement that made no sense, up to where the next one begins; what stands in its braces is still looked
// at.
void FileParser::recover() {
  const auto failed_at = parser_.failure().at;
  const auto inside = inside_of(opener());
  if (advice_.remedy == Remedy::end_statement) return parser_.skip(failed_at);
  if (advice_.remedy == Remedy::open_block) return parser_.skip(failed_at), discard_block(inside);
  std::size_t depth = 0;
  for (std::size_t skipped = 0;; ++skipped) {
    const auto next = parser_.peek();
    if (next.kind == end_of_text || (next.kind == Lexer::RBRACE && depth == 0)) return;
    if (skipped > 0 && skipped >= failed_at && at_next_statement(next, depth)) return;
    parser_.skip(1);
    if (next.kind == Lexer::SEMI && (depth == 0 || inside == Inside::nothing)) return;
    if (next.kind == Lexer::LBRACE) {
      if (inside != Inside::nothing && inside != Inside::unknown) return discard_block(inside);
      ++depth;
    }
    const bool closed = next.kind == Lexer::RBRACE && --depth == 0;
    if (closed && inside == Inside::unknown && parser_.peek().kind != Lexer::SEMI) return;
  }
}

void FileParser::unclosed(const Lexeme& brace) {
  if (!end_reported_ && !feed_.stopped()) reading_.sink.add(diag::unclosed_brace, range_of(brace));
  end_reported_ = true;
}

void FileParser::item_inside(const Lexeme& brace, const Lexeme& item) {
  ++forgiven_braces_;
  if (leaving_blocks_) return;
  leaving_blocks_ = true;
  reading_.sink.add(diag::item_in_block, range_of(item), spelling_of(item.kind))
      .note(range_of(brace), "the block begins here");
}

void FileParser::unmatched(const Lexeme& brace) {
  if (forgiven_braces_ > 0) --forgiven_braces_;
  else reading_.sink.add(diag::unmatched_brace, range_of(brace)).fix(range_of(brace), "");
  parser_.skip(1);
}

// A `}` came too early: this is the rest of the block that it closed, up to the `}` that should have.
void FileParser::outside(const Lexeme& first) {
  reading_.sink.add(diag::statement_outside, range_of(first), spelling_of(first.kind));
  for (auto next = first; next.kind != end_of_text && !opens_item(next.kind); next = parser_.peek()) {
    if (next.kind == Lexer::RBRACE) return parser_.skip(1);
    statement();
  }
}

}  // namespace polc::syntax
