// The lexemes of one file, cleaned for the parser: mistakes that a lexeme shows by itself (a stray character, an
// unclosed string, a C comment, nesting past the limit) are reported here and never reach it.
#pragma once

#include <vector>

#include "diag/sink.hpp"
#include "diag/source.hpp"
#include "syntax/scanner.hpp"

namespace polc::syntax {

/// Brackets and `not`s open at once; the parser recurses for each, so the limit keeps its stack small.
inline constexpr unsigned deepest_nesting = 64;
/// Bytes of one word, string or number. A path has 4096 at most, a name far fewer.
inline constexpr std::uint32_t longest_token = 64u << 10;
/// After so many mistakes the rest of a file is not read: nobody reads the messages either.
inline constexpr unsigned most_mistakes = 200;
/// Words and signs of one statement: its parse tree is the one part of memory that grows with the text.
inline constexpr unsigned longest_statement = 1u << 18;

/// Counts levels on tokens, before the parser sees them. A `not` counts until its operand is over, also through
/// brackets.
class Nesting {
 public:
  /// The depth once `kind` was read.
  unsigned after(TokenKind kind);

 private:
  struct Level {
    TokenKind bracket;
    unsigned negations;  // those that wait for the end of their operand, inside this bracket
  };
  void close(TokenKind bracket);
  std::vector<Level> levels_{{end_of_text, 0}};
  unsigned negations_ = 0;  // of all levels together
};

class TokenFeed {
 public:
  TokenFeed(const diag::SourceMap& sources, diag::SourceId file, diag::Sink& sink)
      : text_(sources.text_of(file)), file_(file), sink_(&sink), scanner_(text_), errors_before_(sink.error_count()) {}
  /// end_of_text at the end, and for good once the nesting went too deep or the mistakes became too many.
  Lexeme next();
  /// What comes next belongs to another statement.
  void begin_statement() { statement_length_ = 0; }
  /// The rest of the file is not to be read.
  void stop() { stopped_ = true; }
  /// Where the last mistake was reported, plus one; 0 when there was none. What follows it may be its consequence.
  std::uint32_t last_mistake() const { return last_mistake_; }
  /// Somebody called stop(), or a limit was passed.
  bool stopped() const { return stopped_; }

 private:
  diag::SourceRange range_of(const Lexeme& lexeme) const { return {file_, lexeme.begin, lexeme.end}; }
  bool passes(Lexeme& lexeme);
  bool is_past_limits(const Lexeme& lexeme);
  bool is_single_quoted(Lexeme& lexeme);
  void report_junk(Lexeme first);
  void report_dot(Lexeme dot);

  std::string_view text_;
  diag::SourceId file_;
  diag::Sink* sink_;
  Scanner scanner_;
  Nesting nesting_;
  std::size_t errors_before_;
  unsigned statement_length_ = 0;
  std::uint32_t last_mistake_ = 0;
  std::uint32_t junk_end_ = 0;  // junk was reported up to here
  bool stopped_ = false;
};

}  // namespace polc::syntax
