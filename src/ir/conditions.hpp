// Conditions on the arguments of calls, put together:
//   any_of({test_of({0, low_half, Compare::equal, 2}), test_of({0, low_half, Compare::equal, 10})})
#pragma once

#include <utility>
#include <vector>

#include "ir/access.hpp"

namespace polc::ir {

inline Condition test_of(const ArgumentTest& test) {
  Condition condition;
  condition.kind = Condition::Kind::test;
  condition.test = test;
  return condition;
}
/// Of none: always.
inline Condition all_of(std::vector<Condition> terms) { return {Condition::Kind::conjunction, {}, std::move(terms)}; }
/// Of none: never.
inline Condition any_of(std::vector<Condition> terms) { return {Condition::Kind::disjunction, {}, std::move(terms)}; }

}  // namespace polc::ir
