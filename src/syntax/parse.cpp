#include "syntax/parse.hpp"

#include <type_traits>

#include "PolicyLexer.h"
#include "diag/catalogue.hpp"
#include "support/overloaded.hpp"
#include "syntax/bytes.hpp"
#include "syntax/expectation.hpp"
#include "syntax/file_parser.hpp"
#include "syntax/literals.hpp"
#include "syntax/quoted.hpp"
#include "syntax/spelling.hpp"

namespace polc::syntax {

using Lexer = grammar::PolicyLexer;

// ---- blocks

// What stands in a target's braces and belongs outside them is a mistake each time, up to this.
constexpr std::size_t most_strangers = 3;

template <class One>
void FileParser::until_brace(One one) {
  const auto brace = parser_.previous();
  for (;;) {
    const auto next = parser_.peek();
    if (next.kind == Lexer::RBRACE) return parser_.skip(1);
    if (next.kind == end_of_text) return unclosed(brace);
    if (opens_item(next.kind)) return item_inside(brace, next);
    if constexpr (std::is_void_v<decltype(one())>) one();
    else if (!one()) return;
  }
}

template <class Node, class Build>
std::optional<Node> FileParser::simple(Entry entry, Build build) {
  if (auto* tree = parse(entry)) return build(reading_, *tree);
  recover();
  return std::nullopt;
}

ast::Block FileParser::block() {
  ast::Block block;
  const auto begin = parser_.previous().begin;
  until_brace([&] {
    if (auto one = statement()) block.statements.push_back(std::move(*one));
  });
  block.range = since(begin);
  return block;
}

std::vector<ast::Let> FileParser::lets() {
  std::vector<ast::Let> lets;
  until_brace([&] {
    if (auto one = simple<ast::Let>(Entry::let, let_of)) lets.push_back(std::move(*one));
  });
  return lets;
}

std::vector<ast::TargetEntry> FileParser::entries() {
  std::vector<ast::TargetEntry> entries;
  const auto brace = parser_.previous();
  std::size_t strangers = 0;
  until_brace([&] {
    const bool is_stranger = opens_statement(parser_.peek().kind) && parser_.peek().kind != Lexer::DEFAULT_;
    if (auto one = simple<ast::TargetEntry>(Entry::target_entry, target_entry_of)) return entries.push_back(std::move(*one)), true;
    if (!is_stranger || ++strangers < most_strangers) return true;
    unclosed(brace);  // so many statements of the policy are here because a `}` is not
    return false;
  });
  return entries;
}

std::vector<ast::ExpectedRule> FileParser::rules() {
  std::vector<ast::ExpectedRule> rules;
  const auto brace = parser_.previous();
  std::size_t strangers = 0;
  until_brace([&] {
    const auto kind = parser_.peek().kind;
    const bool is_stranger = opens_statement(kind) && kind != Lexer::ALLOW_ && kind != Lexer::DENY_;
    if (auto one = simple<ast::ExpectedRule>(Entry::expected_rule, expected_rule_of)) return rules.push_back(std::move(*one)), true;
    if (!is_stranger || ++strangers < most_strangers) return true;
    unclosed(brace);
    return false;
  });
  return rules;
}

void FileParser::discard_block(Inside inside) {
  switch (inside) {
    case Inside::nothing:
    case Inside::unknown: return;
    case Inside::statements: block(); return;
    case Inside::entries: entries(); return;
    case Inside::rules: rules(); return;
  }
}

// ---- statements and items

// Or something that was meant to be one.
bool FileParser::at_else() {
  constexpr std::string_view word[]{"else"};
  const auto next = parser_.peek();
  if (next.kind == Lexer::ELSE_) return true;
  const auto behind = parser_.peek(1).kind;
  return next.kind == Lexer::ID && (behind == Lexer::LBRACE || behind == Lexer::WHEN_) &&
         !nearest_to(reading_.sources.text_of(range_of(next)), word).empty();
}

void FileParser::finish(ast::When& when) {
  when.then = block();
  const auto otherwise = parser_.peek();
  if (!at_else()) return;
  const auto begin = parser_.peek(1).begin;
  const bool chained = parser_.peek(1).kind == Lexer::WHEN_;
  auto* tree = parse(Entry::otherwise);
  if (tree == nullptr) return recover();
  if (!chained) {
    when.otherwise = block();
    return;
  }
  if (open_links_ == deepest_nesting) {
    if (!feed_.stopped()) reading_.sink.add(diag::nested_too_deep, range_of(otherwise), deepest_nesting);
    return feed_.stop();
  }
  ++open_links_;
  ast::Statement inner{{}, else_when_of(reading_, *tree), {}};
  finish(std::get<ast::When>(inner.value));
  --open_links_;
  inner.range = since(begin);
  when.otherwise = ast::Block{{}, inner.range};
  when.otherwise->statements.push_back(std::move(inner));
}

void FileParser::finish(ast::Statement& statement) {
  std::visit(Overloaded{
                 [&](ast::When& when) { finish(when); }, [&](ast::Target& target) { target.entries = entries(); },
                 [&](ast::Expect& expect) { expect.rules = rules(); }, [](auto&) {},  // the others end with their `;`
             },
             statement.value);
  statement.range.end = parser_.previous().end;
}

std::optional<ast::Statement> FileParser::statement() {
  auto result = simple<ast::Statement>(Entry::statement, statement_of);
  if (result) finish(*result);
  return result;
}

std::optional<ast::Item> FileParser::item() {
  auto result = simple<ast::Item>(Entry::item, item_of);
  if (!result) return result;
  std::visit(Overloaded{
                 [](ast::Import&) {},
                 [](ast::Let&) {},
                 [&](ast::Variant& variant) { variant.lets = lets(); },
                 [&](auto& with_block) { with_block.block = block(); },
             },
             result->value);
  result->range.end = parser_.previous().end;
  return result;
}

// False: another language, of which nothing can be said.
bool FileParser::version() {
  const auto first = parser_.peek();
  const auto number = parser_.peek(1);
  const diag::SourceRange start{reading_.file, first.begin, first.begin};
  if (first.kind == end_of_text) {
    if (!feed_.stopped() && feed_.last_mistake() == 0) reading_.sink.add(diag::empty_file, start);
    return false;
  }
  if (first.kind != Lexer::LANGUAGE_ && number.kind != Lexer::INT) {
    reading_.sink.add(diag::missing_language, start).fix(start, "language 1;\n");
    return true;
  }
  if (parse(Entry::version) == nullptr) {
    recover();
    return true;
  }
  const auto text = reading_.sources.text_of(range_of(number));
  if (integer_of(text, range_of(number), reading_.sink).value == 1) return true;
  reading_.sink.add(diag::unknown_language, range_of(number), clipped(text));
  return false;
}

void FileParser::parse_file(ast::File& file) {
  if (!version()) return;
  while (parser_.peek().kind != end_of_text) {
    leaving_blocks_ = false;
    const auto next = parser_.peek();
    const bool is_statement = opens_statement(next.kind) && !opens_item(next.kind) && next.kind != Lexer::LET_;
    if (next.kind == Lexer::RBRACE) unmatched(next);
    else if (is_statement) outside(next);
    else if (auto one = item()) file.items.push_back(std::move(*one));
  }
}

std::optional<ast::Access> FileParser::parse_question() {
  auto* tree = parse(Entry::question);
  if (tree == nullptr) return std::nullopt;
  return question_of(reading_, *tree);
}

std::optional<ast::File> parse(const diag::SourceMap& sources, diag::SourceId file, diag::Sink& sink) {
  const auto errors_before = sink.error_count();
  ast::File result{file, {}};
  if (check_bytes(sources, file, sink)) FileParser(sources, file, sink).parse_file(result);
  if (sink.error_count() > errors_before) return std::nullopt;
  return result;
}

std::optional<ast::Access> parse_access(const diag::SourceMap& sources, diag::SourceId text, diag::Sink& sink) {
  const auto errors_before = sink.error_count();
  if (!check_bytes(sources, text, sink)) return std::nullopt;
  auto access = FileParser(sources, text, sink).parse_question();
  if (sink.error_count() > errors_before) return std::nullopt;
  return access;
}

}  // namespace polc::syntax
