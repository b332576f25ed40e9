// A filter sees the register; the kernel may see less of it (an int: the low half), or what it points to.
#include <fmt/format.h>

#include "diag/lint_catalogue.hpp"
#include "knowledge/calls.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

enum class Fault : std::uint8_t { none, pointer, high_half };

Fault fault_of(const ir::ArgumentTest& test, const knowledge::Call& call) {
  if (test.argument >= call.arguments.size()) return Fault::none;
  const knowledge::CallArgument& argument = call.arguments[test.argument];
  // Whether a pointer is null is a fact that a filter can see.
  if (argument.is_pointer) return test.value == 0 ? Fault::none : Fault::pointer;
  const bool is_half = test.in_register.part != knowledge::RegisterContent::Part::whole;  // of 32 bits, as the register is
  const bool high_half = test.width == 64 && !is_half && (test.mask >> 32u) != 0;
  return argument.width <= 32 && high_half ? Fault::high_half : Fault::none;
}

// With the register, where that is not numbered as the argument is.
std::string argument_words(const ir::ArgumentTest& test, const knowledge::Call& call) {
  const std::string name(call.arguments[test.argument].name);
  const std::uint8_t in = test.in_register.number;
  return in == ir::TestedRegister::none || in == test.argument ? name : fmt::format("{}, which arg[{}] carries", name, in);
}

void judge(const Subject& subject, const ir::Rule& rule, const knowledge::Call& call, const ir::Condition& condition) {
  for (const ir::Condition& term : condition.terms) judge(subject, rule, call, term);
  if (condition.kind != ir::Condition::Kind::test) return;
  const Fault fault = fault_of(condition.test, call);
  if (fault == Fault::none) return;
  const auto& kind = fault == Fault::pointer ? diag::pointer_test : diag::truncated_test;
  add_at(subject.findings, kind, rule, std::string(call.name) + ": " + argument_words(condition.test, call));
}

}  // namespace

void find_truncated_tests(const Subject& subject) {
  for (const ir::Rule& rule : subject.policy.rules)
    for (const ir::Box& box : rule.boxes)
      if (const auto* calls = std::get_if<ir::CallBox>(&box))
        for (const CallId id : calls->calls) judge(subject, rule, knowledge::call_of(subject.os(), id), calls->where);
}

}  // namespace polc::lint
