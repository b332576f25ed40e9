// The grammar's entry points over a window of tokens: one statement at a time, so that neither tokens nor parse trees
// of the rest of the file are in memory. It knows nothing of blocks and reports nothing; parse.cpp does.
//   if (Context* tree = parser.parse(Entry::statement)) ... else look at parser.failure()
#pragma once

#include <memory>
#include <vector>

#include "syntax/build_ast.hpp"
#include "syntax/feed.hpp"

namespace polc::syntax {

/// The rules of grammar/PolicyParser.g4 that are marked so.
enum class Entry : std::uint8_t { version, item, statement, otherwise, let, target_entry, expected_rule, question };

/// Where a statement stopped making sense.
struct Failure {
  std::size_t at = 0;               // tokens ahead of the statement's first
  std::vector<TokenKind> expected;  // what could have stood there; empty when that is not known
};

class StatementParser {
 public:
  explicit StatementParser(TokenFeed& feed);
  ~StatementParser();

  /// The parse tree, valid until the next call; the tokens are consumed. nullptr: none are, and failure() says why.
  Context* parse(Entry entry);
  const Failure& failure() const { return failure_; }

  /// The tokens that were not consumed yet.
  Lexeme peek(std::size_t ahead = 0);
  /// The last one that was.
  Lexeme previous() const;
  void skip(std::size_t count);
  /// Gives a token ahead another kind: a misspelt word, now that it is reported.
  void retype(std::size_t ahead, TokenKind kind);

 private:
  struct Machinery;
  std::unique_ptr<Machinery> machinery_;
  Failure failure_;
};

}  // namespace polc::syntax
