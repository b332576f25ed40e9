#include "eval/argument_sets.hpp"

namespace polc::eval {

sets::ArgumentSpace::Set argument_set(sets::ArgumentSpace& space, const ir::Condition& condition) {
  using Kind = ir::Condition::Kind;
  switch (condition.kind) {
    case Kind::test: {
      const ir::ArgumentTest& test = condition.test;
      // A narrow argument is compared with what is left of the constant, as ir::holds does.
      const std::uint64_t value = test.width == 32 ? test.value & 0xFFFF'FFFFu : test.value;
      return space.compare(test.argument, test.mask, test.op, value, test.width, test.is_signed);
    }
    case Kind::negation: return space.complement(argument_set(space, condition.terms.front()));
    case Kind::conjunction: {
      auto result = sets::ArgumentSpace::all;
      for (const auto& term : condition.terms) result = space.conjunction(result, argument_set(space, term));
      return result;
    }
    case Kind::disjunction: {
      auto result = sets::ArgumentSpace::none;
      for (const auto& term : condition.terms) result = space.disjunction(result, argument_set(space, term));
      return result;
    }
  }
  return sets::ArgumentSpace::none;
}

}  // namespace polc::eval
