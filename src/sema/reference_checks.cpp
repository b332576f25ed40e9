// Cycles among values and among abstractions: what refers to what.
#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "sema/scope.hpp"
#include "support/overloaded.hpp"
#include "syntax/string_text.hpp"

namespace polc::sema {
namespace {

using UseName = std::function<void(std::string_view)>;

void for_each_variable(const ast::String& string, const UseName& use) {
  if (string.raw.find('$') == std::string::npos) return;
  for (const auto& part : syntax::parts_of(string))
    if (part.kind == syntax::StringPart::Kind::variable) use(part.name);
}

void for_each_variable(const ast::Set& set, const UseName& use);

void for_each_variable(const ast::Endpoint& endpoint, const UseName& use) {
  if (const auto* variable = std::get_if<ast::Variable>(&endpoint.host)) use(variable->name);
  if (!endpoint.ports) return;
  std::visit(Overloaded{[](const ast::PortRange&) {},
                        [&](const std::vector<ast::Set>& set) { for_each_variable(set.front(), use); },
                        [&](const ast::Variable& variable) { use(variable.name); }},
             endpoint.ports->value);
}

void for_each_variable(const ast::Account& account, const UseName& use) { for_each_variable(account.name, use); }
void for_each_variable(const ast::NumberRange&, const UseName&) {}
void for_each_variable(const ast::Alternatives&, const UseName&) {}
void for_each_variable(const ast::Integer&, const UseName&) {}

void for_each_variable(const ast::Set& set, const UseName& use) {
  for (const ast::Member& member : set.members)
    std::visit([&](const auto& value) { for_each_variable(value, use); }, member.value);
}

void for_each_use(const ast::Block& block, const std::function<void(const ast::Name&)>& use) {
  for (const ast::Statement& statement : block.statements) {
    if (const auto* uses = std::get_if<ast::Use>(&statement.value))
      for (const ast::Usage& usage : uses->usages) use(usage.name);
    const auto* when = std::get_if<ast::When>(&statement.value);
    if (when == nullptr) continue;
    for_each_use(when->then, use);
    if (when->otherwise) for_each_use(*when->otherwise, use);
  }
}

std::string_view name_of(const Binding& binding) { return binding.name; }
std::string_view name_of(const Abstraction& abstraction) { return abstraction.tree->name.text; }
diag::SourceRange range_of(const Binding& binding) { return binding.range; }
diag::SourceRange range_of(const Abstraction& abstraction) { return abstraction.tree->name.range; }

// "`a`, `b`, `a`"
template <class Node>
std::string way_of(std::span<const Node* const> cycle) {
  std::string way;
  for (const Node* node : cycle) way += fmt::format("`{}`, ", name_of(*node));
  return way + fmt::format("`{}`", name_of(*cycle.front()));
}

template <class Node>
auto report_depth(diag::Sink& sink) {
  return [&sink](const Node& node) {
    sink.add(diag::references_too_deep, range_of(node), name_of(node), deepest_reference);
  };
}

}  // namespace

void check_values(const Scope& scope, diag::Sink& sink) {
  if (scope.bindings().empty()) return;
  ReferenceCheck<Binding> check(
      [](const Binding& binding, const ReferenceCheck<Binding>::Follow& follow) {
        const UseName use = [&](std::string_view name) {
          // An unknown name is reported where it is needed, so that a `let` of another variant harms nobody.
          if (const Binding* other = binding.scope->find(name)) follow(*other);
        };
        std::visit([&](const auto& value) { for_each_variable(value, use); }, binding.value->value);
      },
      [&](std::span<const Binding* const> cycle) {
        sink.add(diag::value_cycle, cycle.front()->range, cycle.front()->name, way_of(cycle));
      },
      report_depth<Binding>(sink));
  for (const Binding& binding : scope.bindings()) check.is_sound(binding);
}

void check_abstractions(const Scope& scope, diag::Sink& sink) {
  ReferenceCheck<Abstraction> check(
      [](const Abstraction& abstraction, const ReferenceCheck<Abstraction>::Follow& follow) {
        for_each_use(abstraction.tree->block, [&](const ast::Name& name) {
          if (const Abstraction* other = abstraction.scope->find_abstraction(name.text)) follow(*other);
        });
      },
      [&](std::span<const Abstraction* const> cycle) {
        const ast::Name& name = cycle.front()->tree->name;
        sink.add(diag::use_cycle, name.range, name.text, way_of(cycle));
      },
      report_depth<Abstraction>(sink));
  for (const Abstraction& abstraction : scope.abstractions()) check.is_sound(abstraction);
}

}  // namespace polc::sema
