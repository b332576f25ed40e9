#include "sema/numbers.hpp"

#include "diag/catalogue.hpp"
#include "knowledge/names.hpp"
#include "sema/suggest.hpp"
#include "sema/values.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

std::uint64_t value_of(const ast::Integer& integer) { return integer.negative ? ~integer.value + 1 : integer.value; }

std::optional<std::uint64_t> value_of(const ast::Variable& variable, const Context& context) {
  const std::size_t errors_before = context.sink.error_count();
  const auto leaves = leaves_of(variable, context.scope, context.sink);
  if (context.sink.error_count() > errors_before || leaves.empty()) return std::nullopt;
  const Leaf& leaf = leaves.front();
  if (leaves.size() > 1) {
    context.sink.add(diag::wrong_kind, leaf.used, "a set", "a number").note(leaf.range, "its first member");
    return std::nullopt;
  }
  const auto* number = std::get_if<ast::NumberRange>(&leaf.value);
  if (number != nullptr && !number->high) return value_of(number->low);
  if (const auto* constants = std::get_if<const ast::Alternatives*>(&leaf.value))
    return number_of(**constants, context);
  report_wrong_kind(leaf, "a number", context.sink);
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> constant_named(const ast::Name& name, const Context& context) {
  if (const auto value = knowledge::find_constant(context.os(), context.arch(), name.text)) return value;
  suggest(context.sink.add(diag::unknown_constant, name.range, name.text, name_of(context.os())), name.range,
          nearest_of(name.text, knowledge::constants_of(context.os()), context.sink));
  return std::nullopt;
}

std::optional<std::uint64_t> number_of(const ast::Number& number, const Context& context) {
  std::uint64_t bits = 0;
  bool known = true;
  for (const ast::Atom& atom : number.atoms) {
    const auto value =
        std::visit(Overloaded{[](const ast::Integer& integer) { return std::optional(value_of(integer)); },
                              [&](const ast::Name& name) { return constant_named(name, context); },
                              [&](const ast::Variable& variable) { return value_of(variable, context); }},
                   atom.value);
    known = known && value;
    bits |= value.value_or(0);
  }
  return known ? std::optional(bits) : std::nullopt;
}

std::optional<std::uint64_t> number_of(const ast::Alternatives& constants, const Context& context) {
  std::uint64_t bits = 0;
  bool known = true;
  for (const ast::Name& name : constants.names) {
    const auto value = constant_named(name, context);
    known = known && value;
    bits |= value.value_or(0);
  }
  return known ? std::optional(bits) : std::nullopt;
}

}  // namespace polc::sema
