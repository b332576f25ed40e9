#include "sema/expand.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "sema/guards.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

// A few abstractions that use each other twice can stand for any number of statements.
constexpr std::uint64_t most_used_statements = 1'000'000;

}  // namespace

Trail Trail::with(const ast::Annotations& annotations, const Scope& scope) const {
  Trail result = *this;
  for (const ast::Annotation& annotation : annotations) {
    if (annotation.name.text == "accept") result.accepts.push_back({&annotation, &scope});
    if (annotation.name.text == "reason") result.reason = {&annotation, &scope};
  }
  return result;
}

void Expander::expand(const ast::Block& block, const Scope& outer, const Trail& trail) {
  Scope scope(&outer);
  define_lets(block, scope, sink_);
  for (const ast::Statement& statement : block.statements) {
    if (statement.annotations.empty()) expand(statement, scope, trail);
    else expand(statement, scope, trail.with(statement.annotations, scope));
  }
}

void Expander::expand(const ast::Statement& statement, const Scope& scope, const Trail& trail) {
  if (std::holds_alternative<ast::Let>(statement.value)) return;
  if (const auto* use = std::get_if<ast::Use>(&statement.value)) {
    for (const ast::Usage& usage : use->usages) expand(usage, scope, trail);
    return;
  }
  const auto* when = std::get_if<ast::When>(&statement.value);
  if (when == nullptr) return visit_(statement, scope, trail);
  if (holds(when->guard, configuration_)) expand(when->then, scope, trail);
  else if (when->otherwise) expand(*when->otherwise, scope, trail);
}

void Expander::expand(const ast::Usage& usage, const Scope& scope, const Trail& trail) {
  const Abstraction* abstraction = scope.find_abstraction(usage.name.text);
  if (abstraction == nullptr) {
    names_.report_unknown_abstraction(usage.name, scope, sink_);
    return;
  }
  if (abstraction->references.kind == ReferenceState::Kind::unsound) return;  // it uses itself: reported
  const auto& parameters = abstraction->tree->parameters;
  if (parameters.size() != usage.arguments.size()) {
    sink_.add(diag::wrong_argument_count, usage.range, usage.name.text, parameters.size(), usage.arguments.size())
        .note(abstraction->tree->name.range, "defined here");
    return;
  }
  if (trail.uses.empty() && !spend(*abstraction, usage.range)) return;
  Scope arguments(abstraction->scope);
  for (std::size_t i = 0; i < parameters.size(); ++i) arguments.define(parameters[i], usage.arguments[i], scope, sink_);
  check_values(arguments, sink_);
  Trail inner = trail;
  inner.uses.insert(inner.uses.begin(), usage.range);
  expand(abstraction->tree->block, arguments, inner);
}

bool Expander::spend(const Abstraction& abstraction, diag::SourceRange at) {
  if (used_statements_ > most_used_statements) return false;  // reported
  used_statements_ += statements_in(abstraction);
  if (used_statements_ > most_used_statements) sink_.add(diag::policy_too_large, at, most_used_statements);
  return used_statements_ <= most_used_statements;
}

std::uint64_t Expander::statements_in(const Abstraction& abstraction) {
  if (abstraction.references.kind == ReferenceState::Kind::unsound) return 0;
  if (const auto known = sizes_.find(&abstraction); known != sizes_.end()) return known->second;
  const std::uint64_t size = 1 + statements_in(abstraction.tree->block, *abstraction.scope);
  return sizes_[&abstraction] = std::min(size, most_used_statements + 1);
}

std::uint64_t Expander::statements_in(const ast::Block& block, const Scope& file) {
  std::uint64_t size = block.statements.size();
  for (const ast::Statement& statement : block.statements) {
    if (const auto* when = std::get_if<ast::When>(&statement.value)) {
      if (holds(when->guard, configuration_)) size += statements_in(when->then, file);
      else if (when->otherwise) size += statements_in(*when->otherwise, file);
    }
    const auto* use = std::get_if<ast::Use>(&statement.value);
    if (use == nullptr) continue;
    for (const ast::Usage& usage : use->usages)
      if (const Abstraction* used = file.find_abstraction(usage.name.text)) size += statements_in(*used);
  }
  return size;
}

}  // namespace polc::sema
