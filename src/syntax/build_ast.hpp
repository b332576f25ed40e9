// Parse trees to syntax trees. Contexts pass as antlr4's base class, so that no header of ANTLR is needed to read this
// one; which rule each function wants stands beside it, and build_*.cpp casts.
#pragma once

#include "diag/sink.hpp"
#include "diag/source.hpp"
#include "syntax/ast.hpp"

namespace antlr4 {
class ParserRuleContext;
class Token;
}  // namespace antlr4

namespace polc::syntax {

using Context = antlr4::ParserRuleContext;

/// What every builder needs: the file, its text, and where to report numbers and strings that mean nothing.
struct Reading {
  const diag::SourceMap& sources;
  diag::SourceId file;
  diag::Sink& sink;
  std::string_view text = sources.text_of(file);
};

// Openings: an item or statement, whole or as far as its `{`; the caller adds what stands in the block.
ast::Item item_of(const Reading& reading, Context& item_opening);
ast::Statement statement_of(const Reading& reading, Context& stmt_opening);
ast::When else_when_of(const Reading& reading, Context& else_opening);
ast::TargetEntry target_entry_of(const Reading& reading, Context& target_entry);
ast::ExpectedRule expected_rule_of(const Reading& reading, Context& expected_rule);
ast::Let let_of(const Reading& reading, Context& let);
ast::Access question_of(const Reading& reading, Context& question);

// Parts.
ast::Access access_of(const Reading& reading, Context& access);
ast::Access numbered_access_of(const Reading& reading, Context& numbered);
ast::Condition condition_of(const Reading& reading, Context& cond);
ast::Value value_of(const Reading& reading, Context& value);
ast::Set set_of(const Reading& reading, Context& set);
ast::Endpoint endpoint_of(const Reading& reading, Context& endpoint);
ast::Path path_of(const Reading& reading, Context& path);
ast::Name name_of(const Reading& reading, Context& one_token);
std::vector<ast::Name> names_of(const Reading& reading, Context& names);

// Tokens.
diag::SourceRange range_of(const Reading& reading, const antlr4::Token& token);
diag::SourceRange range_of(const Reading& reading, Context& context);
ast::String string_of(const Reading& reading, const antlr4::Token& token);
ast::Integer integer_of(const Reading& reading, const antlr4::Token& token);
ast::Variable variable_of(const Reading& reading, const antlr4::Token& token);
ast::Name name_of(const Reading& reading, const antlr4::Token& token);

}  // namespace polc::syntax
