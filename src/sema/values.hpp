// Values taken apart: variables are followed and sets opened until plain members are left.
//   for (const Leaf& leaf : leaves_of(value, scope, sink)) ...   // `{ 80, $more }` is 80, and what `more` stands for
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "diag/sink.hpp"
#include "sema/scope.hpp"
#include "syntax/ast.hpp"

namespace polc::sema {

struct Leaf {
  /// Pointers go into the tree. A number is a range of one.
  using Value = std::variant<ast::NumberRange, const ast::String*, const ast::Account*, const ast::Alternatives*,
                             const ast::Address*>;
  Value value;
  const Scope* scope = nullptr;       // where its own variables are looked up
  const ast::Ports* ports = nullptr;  // of an address
  const Scope* ports_scope = nullptr;
  diag::SourceRange range;  // where it is written
  diag::SourceRange used;   // in the statement: the leaf itself, or the variable that led to it
};

/// What is wrong is reported and left out.
std::vector<Leaf> leaves_of(const ast::Value& value, const Scope& scope, diag::Sink& sink);
std::vector<Leaf> leaves_of(const ast::Set& set, const Scope& scope, diag::Sink& sink);
std::vector<Leaf> leaves_of(const ast::Variable& variable, const Scope& scope, diag::Sink& sink);
std::vector<Leaf> leaves_of(const ast::Endpoint& endpoint, const Scope& scope, diag::Sink& sink);

/// "a number", "a string" ... for messages.
std::string_view kind_of(const ast::Value& value);
std::string_view kind_of(const Leaf& leaf);

/// "an address cannot stand for a path": at the place of use, with a note at the definition.
void report_wrong_kind(const Leaf& leaf, std::string_view wanted, diag::Sink& sink);

}  // namespace polc::sema
