#include <fmt/format.h>

#include "plain/model.hpp"

namespace polc::plain {
namespace {

std::string_view operator_of(sets::Compare op) {
  switch (op) {
    case sets::Compare::equal: return "eq";
    case sets::Compare::not_equal: return "ne";
    case sets::Compare::less: return "lt";
    case sets::Compare::less_equal: return "le";
    case sets::Compare::greater: return "gt";
    case sets::Compare::greater_equal: return "ge";
  }
  return "eq";
}

// `eq(arg0:s32&0xf,2)`; an unsigned 64-bit register and a full mask go without saying.
std::string test_of(const ir::ArgumentTest& test) {
  std::string left = fmt::format("arg{}", test.argument);
  if (test.width != 64 || test.is_signed) left += fmt::format(":{}{}", test.is_signed ? 's' : 'u', test.width);
  if (test.mask != ~std::uint64_t{0}) left += fmt::format("&{:#x}", test.mask);
  return fmt::format("{}({},{})", operator_of(test.op), left, test.value);
}

}  // namespace

std::string condition_of(const ir::Condition& condition) {
  std::string terms;
  for (const ir::Condition& term : condition.terms) terms += (terms.empty() ? "" : ",") + condition_of(term);
  switch (condition.kind) {
    case ir::Condition::Kind::test:
      if (condition.test.in_register.number != ir::TestedRegister::none) return condition_of(ir::of_argument(condition.test));
      return test_of(condition.test);
    case ir::Condition::Kind::conjunction: return "and(" + terms + ')';
    case ir::Condition::Kind::disjunction: return "or(" + terms + ')';
    case ir::Condition::Kind::negation: return "not(" + terms + ')';
    case ir::Condition::Kind::exact: break;  // an artefact's: no policy has it
  }
  return "and()";
}

}  // namespace polc::plain
