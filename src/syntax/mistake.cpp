#include "syntax/mistake.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "PolicyLexer.h"
#include "diag/catalogue.hpp"
#include "syntax/expectation.hpp"
#include "syntax/quoted.hpp"
#include "syntax/spelling.hpp"

namespace polc::syntax {
namespace {

using Lexer = grammar::PolicyLexer;

bool touches(const Lexeme& a, const Lexeme& b) {
  return a.kind != end_of_text && b.kind != end_of_text && a.end == b.begin;
}
bool is_wordlike(const Lexeme& lexeme) { return lexeme.kind == Lexer::ID || is_word(lexeme.kind); }
bool is_number(const Lexeme& lexeme) { return lexeme.kind == Lexer::INT || lexeme.kind == Lexer::SIZE; }

bool expects(const Mistake& mistake, TokenKind kind) {
  return std::find(mistake.expected.begin(), mistake.expected.end(), kind) != mistake.expected.end();
}

// A sign that stands for another one of ours, in the place where ours could stand.
struct Confusion {
  TokenKind seen;
  TokenKind meant;
  const diag::Kind<>& kind;
};
constexpr std::array confusions{
    Confusion{Lexer::ASSIGN, Lexer::EQ, diag::assignment_as_comparison},
    Confusion{Lexer::EQ, Lexer::ASSIGN, diag::comparison_as_assignment},
};

bool compares(TokenKind kind) {
  constexpr std::array signs{Lexer::ASSIGN, Lexer::EQ, Lexer::NE, Lexer::LE, Lexer::GE, Lexer::LT, Lexer::GT};
  return std::find(signs.begin(), signs.end(), kind) != signs.end();
}

const Confusion* find_confusion(const Mistake& mistake) {
  const auto* found = std::find_if(confusions.begin(), confusions.end(), [&](const Confusion& c) {
    return c.seen == mistake.at.kind && expects(mistake, c.meant);
  });
  return found == confusions.end() ? nullptr : found;
}

}  // namespace

// A statement that could end here, and what does not fit looks like the next one or the end of the block.
bool Explainer::lacks_semicolon(const Mistake& mistake) const {
  if (!expects(mistake, Lexer::SEMI) || expects(mistake, end_of_text)) return false;
  const auto kind = mistake.at.kind;
  if (kind == end_of_text || kind == Lexer::RBRACE || kind == Lexer::AT || opens_statement(kind)) return true;
  const auto gap = text_.substr(mistake.previous.end, mistake.at.begin - mistake.previous.end);
  if (!is_wordlike(mistake.at) || gap.find('\n') == std::string_view::npos) return false;
  std::vector<std::string_view> openers;
  for (TokenKind word = 1; !spelling_of(word).empty(); ++word)
    if (opens_statement(word)) openers.push_back(spelling_of(word));
  return !nearest_to(text_of(mistake.at), openers).empty();
}

// end_of_text: no expected word is near.
TokenKind Explainer::find_meant_word(const Mistake& mistake) const {
  if (!is_wordlike(mistake.at)) return end_of_text;
  std::vector<std::string_view> words;
  for (const auto kind : mistake.expected)
    if (is_word(kind)) words.push_back(spelling_of(kind));
  const auto meant = nearest_to(text_of(mistake.at), words);
  const auto found = std::find_if(mistake.expected.begin(), mistake.expected.end(),
                                  [&](TokenKind kind) { return !meant.empty() && spelling_of(kind) == meant; });
  return found == mistake.expected.end() ? end_of_text : *found;
}

Explanation Explainer::remedy_of(const Mistake& mistake) const {
  if (const auto* confusion = find_confusion(mistake)) return {Remedy::retype, confusion->meant};
  if (opens_statement(mistake.at.kind) && lacks_semicolon(mistake)) return {Remedy::end_statement};
  if (opens_statement(mistake.at.kind) && expects(mistake, Lexer::LBRACE)) return {Remedy::open_block};
  if (const auto meant = find_meant_word(mistake); meant != end_of_text) return {Remedy::retype, meant};
  if (lacks_semicolon(mistake)) return {Remedy::end_statement};
  return {};
}

// `&&`, `||` and `::`: the second sign is what does not fit, or already the first.
bool Explainer::explain_doubled(const Mistake& mistake) const {
  const auto is_pair = [](const Lexeme& a, const Lexeme& b) { return a.kind == b.kind && touches(a, b); };
  const bool first = is_pair(mistake.at, mistake.next);
  if (!first && !is_pair(mistake.previous, mistake.at)) return false;
  const auto range = first ? joined(range_of(mistake.at), range_of(mistake.next))
                           : joined(range_of(mistake.previous), range_of(mistake.at));
  switch (mistake.at.kind) {
    case Lexer::AMP: sink_->add(diag::foreign_operator, range, "&&", "and").fix(range, "and"); return true;
    case Lexer::PIPE: sink_->add(diag::foreign_operator, range, "||", "or").fix(range, "or"); return true;
    case Lexer::COLON:
      sink_->add(diag::unexpected_token, range, "`::`", "an IPv6 address stands in brackets: `[2001:db8::1]`");
      return true;
    default: return false;
  }
}

// `[2001:xyz::1]`: no address to the scanner, so a lone bracket to the parser.
bool Explainer::explain_bracket(const Mistake& mistake) const {
  if (mistake.at.kind != Lexer::LBRACK) return false;
  const auto close = text_.find_first_of("]\n;", mistake.at.end);
  if (close == std::string_view::npos || text_[close] != ']') return false;
  const diag::SourceRange range{file_, mistake.at.begin, static_cast<std::uint32_t>(close + 1)};
  const auto text = text_.substr(range.begin, range.end - range.begin);
  if (text.find(':') == std::string_view::npos) return false;
  sink_->add(diag::malformed_ipv6, range, clipped(text));
  return true;
}

// `12abc`, `debian-tor`
bool Explainer::explain_number(const Mistake& mistake) const {
  const auto& at = mistake.at;
  const auto& previous = mistake.previous;
  const auto& next = mistake.next;
  const auto report = [&](const Lexeme& from, const Lexeme& to) {
    const auto range = joined(range_of(from), range_of(to));
    sink_->add(diag::malformed_number, range, clipped(text_.substr(range.begin, range.end - range.begin)));
    return true;
  };
  if (is_number(previous) && is_wordlike(at) && touches(previous, at)) return report(previous, at);
  if (is_number(at) && is_wordlike(next) && touches(at, next)) return report(at, next);
  if (at.kind == Lexer::MINUS && is_wordlike(previous) && touches(previous, at) && touches(at, next)) {
    const auto range = joined(range_of(previous), range_of(next));
    sink_->add(diag::dashed_name, range, clipped(text_.substr(range.begin, range.end - range.begin)));
    return true;
  }
  return false;
}

std::string Explainer::seen(const Lexeme& lexeme) const {
  return lexeme.kind == end_of_text ? "end of the text" : quoted(text_of(lexeme));
}

bool Explainer::explain_missing(const Mistake& mistake, Remedy remedy) const {
  const diag::SourceRange after{file_, mistake.previous.end, mistake.previous.end};
  if (remedy == Remedy::end_statement)
    sink_->add(diag::missing_semicolon, after, seen(mistake.previous)).fix(after, ";");
  else if (remedy == Remedy::open_block)
    sink_->add(diag::missing_brace, range_of(mistake.at), seen(mistake.at)).fix(after, " {");
  else return false;
  return true;
}

Explanation Explainer::explain(const Mistake& mistake) const {
  const auto range = range_of(mistake.at);
  const auto remedy = remedy_of(mistake);
  if (const auto* confusion = find_confusion(mistake)) {
    sink_->add(confusion->kind, range).fix(range, std::string(spelling_of(confusion->meant)));
  } else if (explain_missing(mistake, remedy.remedy)) {
    return remedy;
  } else if (explain_doubled(mistake) || explain_bracket(mistake) || explain_number(mistake)) {
    return {};
  } else if (remedy.remedy == Remedy::retype) {
    const auto meant = spelling_of(remedy.kind);
    sink_->add(diag::misspelt_word, range, clipped(text_of(mistake.at)), meant).fix(range, std::string(meant));
  } else if (is_word(mistake.at.kind) && expects(mistake, Lexer::ID)) {
    sink_->add(diag::reserved_word, range, text_of(mistake.at));
  } else {
    auto added = sink_->add(diag::unexpected_token, range, seen(mistake.at), in_words(mistake.expected));
    if (mistake.expected.size() == 1 && compares(mistake.expected[0]) && compares(mistake.at.kind))
      added.fix(range, std::string(spelling_of(mistake.expected[0])));
  }
  return remedy;
}

}  // namespace polc::syntax
