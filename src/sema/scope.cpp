#include "sema/scope.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"

namespace polc::sema {
namespace {

template <class Map>
std::vector<std::string_view> sorted_keys(const Map& map) {
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

void report_defined_twice(diag::SourceRange second, diag::SourceRange first, std::string_view name, diag::Sink& sink) {
  sink.add(diag::defined_twice, second, name).note(first, "the first definition");
}

void Scope::define(const ast::Name& name, const ast::Value& value, const Scope& where, diag::Sink& sink) {
  if (const Binding* first = find(name.text)) return report_defined_twice(name.range, first->range, name.text, sink);
  bindings_.push_back({name.text, name.range, &value, &where, {}});
  variables_by_name_.emplace(bindings_.back().name, &bindings_.back());
}

void Scope::define(const ast::Abstraction& abstraction, diag::Sink& sink) {
  const ast::Name& name = abstraction.name;
  if (const Abstraction* first = find_abstraction(name.text))
    return report_defined_twice(name.range, first->tree->name.range, name.text, sink);
  abstractions_.push_back({&abstraction, this, {}});
  abstractions_by_name_.emplace(name.text, &abstractions_.back());
}

void Scope::import(const Scope& other, diag::Sink& sink) {
  // What this file defines itself counts as the second definition: its author is the one who can rename it.
  for (const Binding& theirs : other.bindings_) {
    const Binding* known = variables_by_name_.emplace(theirs.name, &theirs).first->second;
    if (known == &theirs) continue;
    const bool ours = known->scope == this;
    report_defined_twice(ours ? known->range : theirs.range, ours ? theirs.range : known->range, theirs.name, sink);
  }
  for (const Abstraction& theirs : other.abstractions_) {
    const ast::Name& name = theirs.tree->name;
    const Abstraction* known = abstractions_by_name_.emplace(name.text, &theirs).first->second;
    if (known == &theirs) continue;
    const bool ours = known->scope == this;
    const auto& known_range = known->tree->name.range;
    report_defined_twice(ours ? known_range : name.range, ours ? name.range : known_range, name.text, sink);
  }
}

const Binding* Scope::find(std::string_view name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer_)
    if (const auto found = scope->variables_by_name_.find(name); found != scope->variables_by_name_.end())
      return found->second;
  return nullptr;
}

const Abstraction* Scope::find_abstraction(std::string_view name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer_)
    if (const auto found = scope->abstractions_by_name_.find(name); found != scope->abstractions_by_name_.end())
      return found->second;
  return nullptr;
}

std::vector<std::string_view> Scope::visible_variables() const {
  std::vector<std::string_view> names;
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer_) {
    const auto here = sorted_keys(scope->variables_by_name_);
    names.insert(names.end(), here.begin(), here.end());
  }
  return names;
}

std::vector<std::string_view> Scope::visible_abstractions() const {
  const Scope* file = this;
  while (file->outer_ != nullptr) file = file->outer_;
  return sorted_keys(file->abstractions_by_name_);
}

void define_lets(const ast::Block& block, Scope& scope, diag::Sink& sink) {
  for (const ast::Statement& statement : block.statements)
    if (const auto* let = std::get_if<ast::Let>(&statement.value)) scope.define(let->name, let->value, scope, sink);
  check_values(scope, sink);
}

}  // namespace polc::sema
