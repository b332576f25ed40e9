#include "eval/certain.hpp"

namespace polc::eval {
namespace {

Meaning with_formula(const Meaning& meaning, const Formula& formula) {
  return make_meaning(meaning.parts(), meaning.os(), meaning.has_implications(), {formula, formula});
}

}  // namespace

Meaning possible(const Meaning& meaning) {
  return meaning.order().is_certain() ? meaning : with_formula(meaning, meaning.order().formulas().possible);
}

Meaning at_most(const Meaning& meaning) {
  if (meaning.order().is_certain()) return meaning;
  Formula either = meaning.order().formulas().possible;
  const Formula& sure = meaning.order().formulas().sure;
  either.insert(either.end(), sure.begin(), sure.end());
  return with_formula(meaning, either);
}

Meaning at_least(const Meaning& meaning) {
  return meaning.order().is_certain() ? meaning : with_formula(meaning, meaning.order().formulas().sure);
}

}  // namespace polc::eval
