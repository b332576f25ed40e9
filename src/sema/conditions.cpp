#include "sema/conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "diag/catalogue.hpp"
#include "knowledge/call_arguments.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "sema/numbers.hpp"
#include "sema/suggest.hpp"
#include "sema/values.hpp"
#include "support/check.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

using Kind = ir::Condition::Kind;

/// Where an argument stands and how it is compared.
struct Slot {
  std::uint8_t index = 0;
  std::uint8_t width = 64;  // 16: a mode, or an id of the oldest calls
  bool is_signed = false;
  bool is_short = false;    // an unsigned long of 32 bits: -1 is 0xffffffff
  auto operator<=>(const Slot&) const = default;
};
using Slots = std::map<std::string_view, Slot>;  // by the names that the condition uses

/// Of arg[N], which is a register: what lies there.
using Registers = std::array<knowledge::RegisterContent, std::tuple_size_v<sets::Arguments>>;

using NamesUsed = std::map<std::string_view, diag::SourceRange>;  // where each stands first

void collect_names(const ast::Condition& condition, NamesUsed& names) {
  if (condition.comparison)
    if (const auto* name = std::get_if<ast::Name>(&condition.comparison->argument.which))
      names.emplace(name->text, name->range);
  for (const ast::Condition& term : condition.terms) collect_names(term, names);
}

bool names_registers(const ast::Condition& condition) {
  const bool here = condition.comparison && std::holds_alternative<ast::Integer>(condition.comparison->argument.which);
  return here || std::any_of(condition.terms.begin(), condition.terms.end(), names_registers);
}

// Arguments are numbered as x86_64 has them; s390x takes clone's flags in the second register.
Registers registers_of(CallId call, const Context& context) {
  if (context.os() == Os::linux_os) return knowledge::contents_of_registers(context.arch(), call);
  Registers result{};
  for (std::uint8_t i = 0; i < result.size(); ++i) result[i].argument = i;
  return result;
}

void report_unknown_argument(std::string_view name, diag::SourceRange range, const knowledge::Call& call,
                             diag::Sink& sink) {
  std::vector<std::string_view> known;
  std::string list;
  for (const knowledge::CallArgument& argument : call.arguments) {
    known.push_back(argument.name);
    list += (list.empty() ? "`" : ", `") + std::string(argument.name) + "`";
  }
  auto added = sink.add(diag::unknown_argument, range, call.name, name);
  if (known.empty())
    added.note(fmt::format("the arguments of `{}` have no names here; write `arg[0]` to `arg[5]`", call.name));
  else added.note(fmt::format("its arguments are {}", list));
  suggest(std::move(added), range, nearest_of(name, known, sink));
}

// nullopt: the call lacks one of the names; reported.
std::optional<Slots> slots_of(const NamesUsed& names, const knowledge::Call& call, const Context& context) {
  Slots slots;
  for (const auto& [name, range] : names) {
    const auto place = knowledge::find_argument(call, name);
    if (!place) {
      report_unknown_argument(name, range, call, context.sink);
      return std::nullopt;
    }
    const knowledge::CallArgument& argument = call.arguments[*place];
    const bool is_old_id = context.os() == Os::linux_os && knowledge::is_old_id(context.arch(), call, argument);
    const bool is_short = context.os() == Os::linux_os && knowledge::register_bits(context.arch()) == 32 && argument.width == 64 &&
                          !argument.is_signed && !argument.is_wide;
    const std::uint8_t width = is_old_id ? 16 : argument.width;
    slots.emplace(name, Slot{static_cast<std::uint8_t>(*place), width, argument.is_signed, is_short});
  }
  return slots;
}

sets::Compare compare_of(std::string_view op) {
  if (op == "==") return sets::Compare::equal;
  if (op == "!=") return sets::Compare::not_equal;
  if (op == "<") return sets::Compare::less;
  if (op == "<=") return sets::Compare::less_equal;
  if (op == ">") return sets::Compare::greater;
  POLC_CHECK(op == ">=", "the grammar knows the comparisons");
  return sets::Compare::greater_equal;
}

class ConditionLowering {
 public:
  ConditionLowering(const Slots& slots, const Registers& registers, const Context& context)
      : slots_(slots), registers_(registers), context_(context) {}

  ir::Condition lower(const ast::Condition& condition) {
    if (condition.kind == ast::Condition::Kind::comparison) return lower(*condition.comparison);
    ir::Condition result;
    result.kind = condition.kind == ast::Condition::Kind::negation      ? Kind::negation
                  : condition.kind == ast::Condition::Kind::conjunction ? Kind::conjunction
                                                                        : Kind::disjunction;
    for (const ast::Condition& term : condition.terms) result.terms.push_back(lower(term));
    return result;
  }

 private:
  ir::Condition lower(const ast::Comparison& comparison) {
    ir::ArgumentTest test = test_of(comparison.argument);
    const auto* name = std::get_if<ast::Name>(&comparison.argument.which);
    is_short_ = name != nullptr && slots_.at(name->text).is_short;
    if (comparison.mask) {
      const std::uint64_t mask = number_of(comparison.mask->number, context_).value_or(0);
      test.mask &= comparison.mask->inverted ? ~mask : mask;
    }
    return std::visit(
        Overloaded{[&](const ast::Number& number) {
                     test.op = compare_of(comparison.op);
                     const auto value = number_of(number, context_);
                     return with_value(test, value.value_or(0), number.range);
                   },
                   [&](const ast::Set& set) { return membership(test, leaves_of(set, context_.scope, sink())); },
                   [&](const ast::Variable& variable) {
                     return membership(test, leaves_of(variable, context_.scope, sink()));
                   }},
        comparison.right);
  }

  ir::ArgumentTest test_of(const ast::Argument& argument) {
    ir::ArgumentTest test;
    if (const auto* name = std::get_if<ast::Name>(&argument.which)) {
      const Slot& slot = slots_.at(name->text);
      test.argument = slot.index;
      // The kernel takes a mode of 0x101ff for 0x1ff, so the others must not count.
      test.width = std::max<std::uint8_t>(32, slot.width);
      if (slot.width == 16) test.mask = 0xFFFF;
      test.is_signed = slot.is_signed;
      return test;
    }
    const auto& number = std::get<ast::Integer>(argument.which);
    if (number.value >= std::tuple_size_v<sets::Arguments>)
      sink().add(diag::argument_past_six, number.range, number.value);
    else put_in_register(test, static_cast<std::uint8_t>(number.value));
    return test;
  }

  // Elsewhere arguments have no registers of their own.
  void put_in_register(ir::ArgumentTest& test, std::uint8_t number) const {
    test.argument = registers_[number].argument;
    if (context_.os() == Os::linux_os) test.in_register = {number, registers_[number].part};
  }

  // A 32-bit argument is compared by its low half, so the value is cut to it; a signed one is kept as the number it is.
  ir::Condition with_value(ir::ArgumentTest test, std::uint64_t value, diag::SourceRange range) {
    if (test.width == 32) {
      const auto low = static_cast<std::uint32_t>(value);
      const auto extended = static_cast<std::uint64_t>(static_cast<std::int32_t>(low));
      if (value != low && value != extended) sink().add(diag::number_past_32_bits, range);
      value = test.is_signed ? extended : low;
    }
    if (is_short_ && value >= least_negative_of_32) value &= 0xFFFF'FFFFu;
    test.value = value;
    return {Kind::test, test, {}};
  }

  ir::Condition in_range(ir::ArgumentTest test, const ast::NumberRange& range, diag::SourceRange place) {
    if (!range.high || range.high->value == range.low.value) return with_value(test, range.low.value, place);
    ir::Condition result;
    test.op = sets::Compare::greater_equal;
    result.terms.push_back(with_value(test, range.low.value, place));
    test.op = sets::Compare::less_equal;
    result.terms.push_back(with_value(test, range.high->value, place));
    return result;
  }

  ir::Condition membership(ir::ArgumentTest test, const std::vector<Leaf>& leaves) {
    ir::Condition result;
    result.kind = Kind::disjunction;
    for (const Leaf& leaf : leaves) {
      if (const auto* range = std::get_if<ast::NumberRange>(&leaf.value)) {
        result.terms.push_back(in_range(test, *range, leaf.used));
      } else if (const auto* names = std::get_if<const ast::Alternatives*>(&leaf.value)) {
        result.terms.push_back(with_value(test, number_of(**names, context_).value_or(0), leaf.used));
      } else {
        report_wrong_kind(leaf, "a number", sink());
      }
    }
    return result.terms.size() == 1 ? std::move(result.terms.front()) : result;
  }

  diag::Sink& sink() const { return context_.sink; }

  static constexpr std::uint64_t least_negative_of_32 = 0xFFFF'FFFF'8000'0000u;

  const Slots& slots_;
  const Registers& registers_;
  const Context& context_;
  bool is_short_ = false;  // of the comparison at hand
};

}  // namespace

std::vector<ir::CallBox> conditions_of(const ast::Condition& condition, const std::vector<CallId>& calls,
                                       const Context& context) {
  NamesUsed names;
  collect_names(condition, names);
  const bool has_registers = names_registers(condition);
  std::map<std::pair<Slots, Registers>, std::vector<CallId>> groups;
  for (const CallId call : calls) {
    const auto slots = slots_of(names, knowledge::call_of(context.os(), call), context);
    if (!slots) return {};
    groups[{*slots, has_registers ? registers_of(call, context) : Registers{}}].push_back(call);
  }
  std::vector<ir::CallBox> boxes;
  for (const auto& [places, group] : groups)
    boxes.push_back({group, ConditionLowering(places.first, places.second, context).lower(condition)});
  return boxes;
}

}  // namespace polc::sema
