// Every statement of a file, those inside `when` and abstractions too, each once.
#pragma once

#include "syntax/ast.hpp"

namespace polc::lint {

template <class Visit>
void for_each_statement(const ast::Block& block, const Visit& visit) {
  for (const ast::Statement& statement : block.statements) {
    visit(statement);
    const auto* when = std::get_if<ast::When>(&statement.value);
    if (when == nullptr) continue;
    for_each_statement(when->then, visit);
    if (when->otherwise) for_each_statement(*when->otherwise, visit);
  }
}

inline const ast::Block* block_of(const ast::Item& item) {
  if (const auto* abstraction = std::get_if<ast::Abstraction>(&item.value)) return &abstraction->block;
  if (const auto* policy = std::get_if<ast::Policy>(&item.value)) return &policy->block;
  if (const auto* overlay = std::get_if<ast::Overlay>(&item.value)) return &overlay->block;
  return nullptr;
}

template <class Visit>
void for_each_statement(const ast::File& file, const Visit& visit) {
  for (const ast::Item& item : file.items)
    if (const ast::Block* block = block_of(item)) for_each_statement(*block, visit);
}

/// The same for each `let`, of variants and files too.
template <class Visit>
void for_each_let(const ast::File& file, const Visit& visit) {
  for (const ast::Item& item : file.items) {
    if (const auto* let = std::get_if<ast::Let>(&item.value)) visit(*let, item.annotations.empty() ? &item.range : nullptr);
    if (const auto* variant = std::get_if<ast::Variant>(&item.value))
      for (const ast::Let& let : variant->lets) visit(let, nullptr);
  }
  for_each_statement(file, [&](const ast::Statement& statement) {
    if (const auto* let = std::get_if<ast::Let>(&statement.value)) visit(*let, statement.annotations.empty() ? &statement.range : nullptr);
  });
}

}  // namespace polc::lint
