// From "this token does not fit" to the message that helps: misspelt words, a missing `;`, `=` for `==` ...
#pragma once

#include <span>

#include "diag/sink.hpp"
#include "syntax/scanner.hpp"

namespace polc::syntax {

/// A token that does not fit, and what is around it.
struct Mistake {
  Lexeme at;
  Lexeme previous;  // end_of_text: there is none
  Lexeme next;
  std::span<const TokenKind> expected;  // may be empty: not known
};

enum class Remedy : std::uint8_t {
  skip,           // the statement makes no sense from here on
  retype,         // it does if the token is taken as `kind`
  end_statement,  // it was complete but for its `;`
  open_block,     // so was its head, but for its `{`
};
struct Explanation {
  Remedy remedy = Remedy::skip;
  TokenKind kind = end_of_text;
};

class Explainer {
 public:
  Explainer(const diag::SourceMap& sources, diag::SourceId file, diag::Sink& sink)
      : text_(sources.text_of(file)), file_(file), sink_(&sink) {}

  /// Reports exactly one diagnostic.
  Explanation explain(const Mistake& mistake) const;
  /// What explain() would advise, without a word: after a mistake in the same statement that is reported already.
  Explanation remedy_of(const Mistake& mistake) const;

 private:
  diag::SourceRange range_of(const Lexeme& lexeme) const { return {file_, lexeme.begin, lexeme.end}; }
  std::string_view text_of(const Lexeme& lexeme) const { return text_.substr(lexeme.begin, lexeme.end - lexeme.begin); }
  bool lacks_semicolon(const Mistake& mistake) const;
  bool explain_missing(const Mistake& mistake, Remedy remedy) const;
  TokenKind find_meant_word(const Mistake& mistake) const;
  bool explain_doubled(const Mistake& mistake) const;
  bool explain_bracket(const Mistake& mistake) const;
  bool explain_number(const Mistake& mistake) const;
  std::string seen(const Lexeme& lexeme) const;

  std::string_view text_;
  diag::SourceId file_;
  diag::Sink* sink_;
};

}  // namespace polc::syntax
