// Drives the parser through one file: items, blocks and statements one after the other, and after a mistake on to where
// the next of them begins (recovery.cpp). Only parse.cpp makes one; callers want syntax::parse().
#pragma once

#include <optional>
#include <vector>

#include "syntax/build_ast.hpp"
#include "syntax/feed.hpp"
#include "syntax/mistake.hpp"
#include "syntax/statement_parser.hpp"

namespace polc::syntax {

// What is behind a head that itself made no sense: enough to go on looking for mistakes there.
enum class Inside : std::uint8_t {
  nothing,  // it is a statement that ends with its `;`
  unknown,  // braces to be skipped: who knows what was meant, or `let`s, which look like nothing else
  statements,
  entries,
  rules,
};

class FileParser {
 public:
  FileParser(const diag::SourceMap& sources, diag::SourceId file, diag::Sink& sink)
      : reading_{sources, file, sink}, feed_(sources, file, sink), parser_(feed_), explainer_(sources, file, sink) {}

  void parse_file(ast::File& file);
  std::optional<ast::Access> parse_question();

 private:
  // One of each per entry of the grammar. nullopt: reported and skipped.
  bool version();
  std::optional<ast::Item> item();
  std::optional<ast::Statement> statement();
  void finish(ast::Statement& statement);
  void finish(ast::When& when);
  bool at_else();
  template <class Node, class Build>
  std::optional<Node> simple(Entry entry, Build build);

  // Blocks. The `{` was just consumed; the `}` is, if there is one.
  template <class One>
  void until_brace(One one);
  ast::Block block();
  std::vector<ast::Let> lets();
  std::vector<ast::TargetEntry> entries();
  std::vector<ast::ExpectedRule> rules();
  void discard_block(Inside inside);

  // Mistakes.
  Context* parse(Entry entry);
  void recover();
  TokenKind opener();
  bool at_next_statement(const Lexeme& next, std::size_t depth);
  void unclosed(const Lexeme& brace);
  void item_inside(const Lexeme& brace, const Lexeme& opener);
  void unmatched(const Lexeme& brace);
  void outside(const Lexeme& opener);

  diag::SourceRange range_of(const Lexeme& l) const { return {reading_.file, l.begin, l.end}; }
  diag::SourceRange since(std::uint32_t begin) const { return {reading_.file, begin, parser_.previous().end}; }

  Reading reading_;
  TokenFeed feed_;
  StatementParser parser_;
  Explainer explainer_;
  Explanation advice_;            // for recover()
  bool leaving_blocks_ = false;   // an item began inside a block: a `}` was forgotten
  unsigned forgiven_braces_ = 0;  // ... or it was not, and these will turn up unmatched
  bool end_reported_ = false;
  unsigned open_links_ = 0;  // `else when` inside `else when`: nesting of the tree, though not of the text
};

/// Whether the word begins a policy, an abstraction ... which no block may hold. `let` may stand in both places.
bool opens_item(TokenKind kind);

}  // namespace polc::syntax
