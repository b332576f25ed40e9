#include "eval/argument_sets.hpp"

namespace polc::eval {
namespace {

using sets::ArgumentSpace;

// A narrow argument is compared with what is left of the constant, as ir::holds does.
ArgumentSpace::Test asked_by(const ir::ArgumentTest& test) {
  const std::uint64_t value = test.width == 32 ? test.value & 0xFFFF'FFFFu : test.value;
  return {test.argument, test.mask, test.op, value, test.width, test.is_signed};
}

bool is_whole(const ir::ArgumentTest& test) { return test.in_register.part == knowledge::RegisterContent::Part::whole; }

}  // namespace

ArgumentSpace::Set argument_set(ArgumentSpace& space, const ir::Condition& condition) {
  using Kind = ir::Condition::Kind;
  switch (condition.kind) {
    case Kind::test:
      if (!is_whole(condition.test)) return argument_set(space, ir::of_argument(condition.test));
      return space.choose(asked_by(condition.test), ArgumentSpace::all, ArgumentSpace::none);
    case Kind::negation: return space.complement(argument_set(space, condition.terms.front()));
    case Kind::conjunction: {
      // From the last: tests mostly stand in the order of the arguments, and a test before all that a set asks costs least.
      auto result = ArgumentSpace::all;
      for (auto term = condition.terms.rbegin(); term != condition.terms.rend(); ++term)
        result = term->kind == Kind::test && is_whole(term->test) ? space.choose(asked_by(term->test), result, ArgumentSpace::none)
                                          : space.conjunction(result, argument_set(space, *term));
      return result;
    }
    case Kind::disjunction: {
      auto result = ArgumentSpace::none;
      for (const auto& term : condition.terms) result = space.disjunction(result, argument_set(space, term));
      return result;
    }
    case Kind::exact: return space.import(*condition.exact.space, condition.exact.set);
  }
  return ArgumentSpace::none;
}

}  // namespace polc::eval
