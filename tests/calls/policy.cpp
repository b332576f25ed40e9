#include "policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/check.hpp"

namespace polc::calls {
namespace {

// ---- text

constexpr std::string_view signs[] = {"==", "!=", "<", "<=", ">", ">="};

std::string number_text(std::uint64_t value) {
  const auto as_signed = static_cast<std::int64_t>(value);
  if (as_signed < 0 && as_signed > -100'000) return fmt::format("{}", as_signed);
  return value > 4096 ? fmt::format("{:#x}", value) : fmt::format("{}", value);
}

std::string text_of(const Test& test) {
  std::string text = test.name.empty() ? fmt::format("arg[{}]", test.number) : test.name;
  if (test.mask)
    text += static_cast<std::int64_t>(*test.mask) < 0 ? fmt::format(" & ~{:#x}", ~*test.mask)
                                                      : fmt::format(" & {:#x}", *test.mask);
  if (test.op != Compare::in)
    return fmt::format("{} {} {}", text, signs[static_cast<std::size_t>(test.op)], number_text(test.value));
  std::string values;
  for (const auto& [low, high] : test.values) {
    values += fmt::format("{}{:#x}", values.empty() ? "" : ", ", low);
    if (high != low) values += fmt::format("-{:#x}", high);
  }
  return fmt::format("{} in {{ {} }}", text, values);
}

std::string joined(const std::vector<Condition>& terms, std::string_view word) {
  std::string text;
  for (const Condition& term : terms) {
    const bool is_plain = term.kind == Condition::Kind::test || term.kind == Condition::Kind::none_of;
    text += fmt::format("{}{}", text.empty() ? "" : word, is_plain ? text_of(term) : '(' + text_of(term) + ')');
  }
  return text;
}

std::string text_of(const Statement& statement) {
  std::string text = statement.is_allow ? "allow " : "deny ";
  if (!statement.act.empty()) return text + statement.act;
  text += "syscall ";
  for (std::size_t i = 0; i < statement.calls.size(); ++i) text += (i == 0 ? "" : ", ") + statement.calls[i];
  return statement.has_condition ? text + " where " + text_of(statement.where) : text;
}

// ---- meaning

template <class Number>
bool compares(Number left, Compare op, Number right) {
  switch (op) {
    case Compare::equal: return left == right;
    case Compare::not_equal: return left != right;
    case Compare::less: return left < right;
    case Compare::less_equal: return left <= right;
    case Compare::greater: return left > right;
    case Compare::greater_equal: return left >= right;
    case Compare::in: break;
  }
  return false;
}

// An int is compared as one, so the number is cut to it, as the mask is.
bool compares(const Value& value, std::uint64_t mask, Compare op, std::uint64_t right) {
  const std::uint64_t left = value.bits & mask;
  const auto low = [](std::uint64_t bits) { return static_cast<std::uint32_t>(bits); };
  if (value.width <= 32 && value.is_signed)
    return compares(static_cast<std::int32_t>(low(left)), op, static_cast<std::int32_t>(low(right)));
  if (value.width <= 32) return compares(low(left), op, low(right));
  if (value.is_signed) return compares(static_cast<std::int64_t>(left), op, static_cast<std::int64_t>(right));
  const bool is_cut =
      value.is_short && static_cast<std::int64_t>(right) < 0 && static_cast<std::int64_t>(right) >= -0x8000'0000ll;
  return compares(left, op, is_cut ? low(right) : right);
}

bool holds(const Test& test, const Value& value) {
  const std::uint64_t mask = test.mask.value_or(~std::uint64_t{0});
  if (test.op != Compare::in) return compares(value, mask, test.op, test.value);
  return std::any_of(test.values.begin(), test.values.end(), [&](const Range& range) {
    if (range.low == range.high) return compares(value, mask, Compare::equal, range.low);
    return compares(value, mask, Compare::greater_equal, range.low) &&
           compares(value, mask, Compare::less_equal, range.high);
  });
}

std::optional<bool> holds(const Test& test, const Shape& shape, const Machine& machine, const Registers& registers) {
  if (test.name.empty()) return holds(test, Value{registers[test.number]});
  if (is_in_memory(shape, machine)) return std::nullopt;
  for (unsigned i = 0; i < shape.arguments.size(); ++i)
    if (shape.arguments[i].name == test.name) return holds(test, value_of(shape, i, machine, registers));
  POLC_CHECK(false, "a test names an argument of its call");
  return std::nullopt;
}

std::uint32_t answer_of(std::string_view reaction, const Machine& machine) {
  constexpr std::string_view errno_words = "deny errno ";
  if (reaction == "kill") return 0x8000'0000;
  if (reaction == "log") return 0x7FFC'0000;
  return 0x0005'0000 | errno_of(reaction.substr(errno_words.size()), machine);
}

// What cannot be seen allows nothing, and a deny of it refuses the call.
bool names(const Statement& statement, std::string_view call, const Machine& machine, const Registers& registers) {
  const Shape& shape = shape_of(call);
  const auto says = [&](const Condition& where) {
    return holds(where, shape, machine, registers).value_or(!statement.is_allow);
  };
  if (statement.act.empty())
    return std::find(statement.calls.begin(), statement.calls.end(), call) != statement.calls.end() &&
           (!statement.has_condition || says(statement.where));
  for (const Row& row : rows_of(statement.act, statement.is_allow, machine))
    if (row.call == call && says(row.where)) return true;
  return false;
}

}  // namespace

std::string text_of(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::test: return text_of(condition.test);
    case Condition::Kind::all: return joined(condition.terms, " and ");
    case Condition::Kind::any: return joined(condition.terms, " or ");
    case Condition::Kind::none_of: return "not (" + joined(condition.terms, " or ") + ')';
  }
  return "";
}

// Where nothing can be seen there is no other filter.
std::string text_of(const Policy& policy) {
  const std::string begin = "language 1;\n";
  return begin + "@accept(narrower: seccomp, \"a test\") @accept(wider: seccomp, \"a test\")\n" +
         text_without_accepts(policy).substr(begin.size());
}

std::string text_without_accepts(const Policy& policy) {
  std::string text = fmt::format("language 1;\npolicy p {{\n  default {};\n", policy.reaction);
  if (!policy.other_call.empty())
    text += fmt::format("  default {} for {};\n", policy.other_reaction, policy.other_call);
  for (const Statement& statement : policy.statements) text += "  " + text_of(statement) + ";\n";
  return text + "}\n";
}

std::optional<bool> holds(const Condition& condition, const Shape& shape, const Machine& machine,
                          const Registers& registers) {
  if (condition.kind == Condition::Kind::test) return holds(condition.test, shape, machine, registers);
  bool all = true, any = false;
  for (const Condition& term : condition.terms) {
    const auto one = holds(term, shape, machine, registers);
    if (!one) return std::nullopt;
    all &= *one, any |= *one;
  }
  return condition.kind == Condition::Kind::all ? all : condition.kind == Condition::Kind::any ? any : !any;
}

std::uint32_t decision_of(const Policy& policy, std::string_view call, const Machine& machine,
                          const Registers& registers) {
  constexpr std::uint32_t allow = 0x7FFF'0000;
  bool is_allowed = false, is_denied = false;
  std::string kinds = "namespace";  // of several rules: they may be made at once
  for (const Statement& statement : policy.statements) {
    if (names(statement, call, machine, registers)) (statement.is_allow ? is_allowed : is_denied) = true;
    if (statement.is_allow && statement.act.substr(0, 10) == "namespace ") kinds += statement.act.substr(9);
  }
  Statement of_kinds;
  of_kinds.is_allow = true, of_kinds.act = kinds;
  if (kinds != "namespace" && names(of_kinds, call, machine, registers)) is_allowed = true;
  if (is_allowed && !is_denied) return allow;
  return answer_of(call == policy.other_call ? policy.other_reaction : policy.reaction, machine);
}

}  // namespace polc::calls
