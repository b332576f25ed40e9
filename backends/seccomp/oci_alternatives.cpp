#include <algorithm>

#include "seccomp/oci.hpp"

namespace polc::seccomp {
namespace {

using Kind = ir::Condition::Kind;
using sets::Compare;
using Tests = std::vector<ir::ArgumentTest>;  // all must hold
constexpr std::uint64_t all_bits = ~std::uint64_t{0}, low_half = 0xFFFF'FFFF;
constexpr std::size_t most_alternatives = 256;

Compare negated(Compare op) {
  switch (op) {
    case Compare::equal: return Compare::not_equal;
    case Compare::not_equal: return Compare::equal;
    case Compare::less: return Compare::greater_equal;
    case Compare::less_equal: return Compare::greater;
    case Compare::greater: return Compare::less_equal;
    case Compare::greater_equal: return Compare::less;
  }
  return op;
}

// The alternatives of a condition, or of its negation; nullopt: too many.
std::optional<std::vector<Tests>> alternatives(const ir::Condition& condition, bool is_negated) {
  if (condition.kind == Kind::test) {
    ir::ArgumentTest test = condition.test;
    if (is_negated) test.op = negated(test.op);
    return std::vector<Tests>{{test}};
  }
  if (condition.kind == Kind::negation) return alternatives(condition.terms.front(), !is_negated);
  const bool is_or = (condition.kind == Kind::disjunction) != is_negated;
  std::vector<Tests> result;
  if (!is_or) result.emplace_back();
  for (const ir::Condition& term : condition.terms) {
    const auto part = alternatives(term, is_negated);
    if (!part || result.size() + part->size() > most_alternatives) return std::nullopt;
    if (is_or) {
      result.insert(result.end(), part->begin(), part->end());
      continue;
    }
    if (result.size() * part->size() > most_alternatives) return std::nullopt;
    std::vector<Tests> product;
    for (const Tests& left : result)
      for (const Tests& right : *part) {
        product.push_back(left);
        product.back().insert(product.back().end(), right.begin(), right.end());
      }
    result = std::move(product);
  }
  return result;
}

// As a comparison of 64 bits, which is all that a profile has: `masked` is equality only.
std::optional<ir::ArgumentTest> sayable(ir::ArgumentTest test) {
  if (test.width == 32) {
    test.mask &= low_half;
    test.value &= low_half;
  }
  const bool is_equality = test.op == Compare::equal;
  if (is_equality) {
    test.width = 64;
    test.is_signed = false;
    return test;
  }
  // "bit clear" and "bit set" are each other's negation.
  const bool is_single_bit = test.mask != 0 && (test.mask & (test.mask - 1)) == 0;
  if (test.op == Compare::not_equal && is_single_bit && (test.value & ~test.mask) == 0) {
    test.op = Compare::equal;
    test.value ^= test.mask;
    test.width = 64;
    test.is_signed = false;
    return test;
  }
  if (test.width == 32 || test.mask != all_bits || (test.is_signed && test.op != Compare::not_equal))
    return std::nullopt;
  test.is_signed = false;
  return test;
}

ir::Condition conjunction_of(const Tests& tests) {
  ir::Condition condition;
  for (const ir::ArgumentTest& test : tests) {
    ir::Condition& term = condition.terms.emplace_back();
    term.kind = Kind::test;
    term.test = test;
  }
  return condition;
}

// Two masked equalities of one argument are one, if they agree. nullopt: cannot be said; empty() of the set: never
// holds.
bool join(ir::ArgumentTest& into, const ir::ArgumentTest& other) {
  if (into.op != Compare::equal || other.op != Compare::equal) return into == other;
  const std::uint64_t common = into.mask & other.mask;
  if ((into.value & common) != (other.value & common)) return false;
  if ((into.value & ~into.mask) != 0 || (other.value & ~other.mask) != 0) return false;
  into.mask |= other.mask;
  into.value |= other.value;
  return true;
}

}  // namespace

OciAlternatives oci_alternatives(const ir::Condition& condition) {
  OciAlternatives result;
  const auto all = alternatives(condition, false);
  if (!all) {
    result.unsaid.push_back(condition);
    return result;
  }
  const auto never_holds = [](const ir::ArgumentTest& test) {
    return test.op == Compare::equal && (test.value & ~(test.width == 32 ? test.mask & low_half : test.mask)) != 0;
  };
  for (const Tests& tests : *all) {
    // A profile would take such a test for one of the bits under the mask.
    if (std::any_of(tests.begin(), tests.end(), never_holds)) continue;
    Tests said;
    bool is_said = true;
    for (const ir::ArgumentTest& test : tests) {
      const auto one = sayable(test);
      const auto same =
          std::find_if(said.begin(), said.end(), [&](const auto& t) { return t.argument == test.argument; });
      is_said = is_said && one && (same == said.end() || join(*same, *one));
      if (!is_said) break;
      if (same == said.end()) said.push_back(*one);
    }
    (is_said ? result.said : result.unsaid).push_back(conjunction_of(is_said ? said : tests));
  }
  return result;
}

}  // namespace polc::seccomp
