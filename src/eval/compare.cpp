#include "eval/compare.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <vector>

#include "eval/compare_parts.hpp"
#include "support/check.hpp"

namespace polc::eval {
namespace {

// Made of equal boxes in the same order, as what is read back from an artefact mostly is.
bool is_same(const Meaning& a, const Meaning& b) {
  const auto equal = [](const Part& x, const Part& y) {
    return x.effect == y.effect && x.rank == y.rank && x.plane == y.plane && x.box == y.box;
  };
  return a.os() == b.os() && a.order().is_certain() && a.order().formulas() == b.order().formulas() && a.has_implications() == b.has_implications() &&
         std::equal(a.parts().begin(), a.parts().end(), b.parts().begin(), b.parts().end(), equal);
}

// Which sides are equal: each two are compared once, if at all.
class Equals {
 public:
  explicit Equals(std::span<const Meaning* const> sides) : sides_(sides), known_(sides.size() * sides.size()) {}

  // Nothing is allowed by one side and not by its equal: then the algebra need not be asked.
  bool never_holds(const Term& term) {
    for (std::size_t i = 0; i < sides_.size(); ++i)
      for (std::size_t k = 0; k < sides_.size(); ++k)
        if (((term.in >> i) & 1u) != 0 && ((term.out >> k) & 1u) != 0 && are_equal(std::min(i, k), std::max(i, k))) return true;
    return false;
  }

 private:
  bool are_equal(std::size_t i, std::size_t k) {
    auto& known = known_[i * sides_.size() + k];
    if (!known) known = is_same(*sides_[i], *sides_[k]);
    return *known;
  }

  std::span<const Meaning* const> sides_;
  std::vector<std::optional<bool>> known_;
};

}  // namespace

TermSet terms_holding(std::span<const Term> terms, Membership membership) {
  TermSet result = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Term& term = terms[i];
    const bool holds = (membership.allowed & term.in) == term.in && (membership.sure & term.out) == 0 &&
                       (membership.denied & term.denied) == term.denied;
    if (holds) result |= TermSet{1} << i;
  }
  return result;
}

namespace {

void check(std::span<const Meaning* const> sides, std::span<const Term> terms) {
  POLC_CHECK(sides.size() <= most_sides && terms.size() <= most_sides, "a comparison has no more sides and terms");
  for (const Term& term : terms) POLC_CHECK((term.in | term.denied) != 0, "a term needs something to look for");
}

bool holds_only_calls(const Meaning& side) {
  const auto is_of_calls = [](const Part& part) { return std::holds_alternative<ir::CallBox>(part.box); };
  return !side.has_implications() && std::all_of(side.parts().begin(), side.parts().end(), is_of_calls);
}

// Then the other classes are not walked, however large they are: whoever asks whether some call is allowed asks of a few calls.
bool looks_for_calls(const Comparison& comparison) {
  return std::all_of(comparison.terms.begin(), comparison.terms.end(), [&](const Term& term) {
    for (std::size_t i = 0; i < comparison.sides.size(); ++i)
      if (((term.in >> i) & 1u) != 0 && holds_only_calls(*comparison.sides[i])) return true;
    return false;
  });
}

bool walk(const Comparison& comparison, std::initializer_list<Walk (*)(const Comparison&)> classes) {
  check(comparison.sides, comparison.terms);
  Equals equals(comparison.sides);
  const auto too_large = [](const Meaning* one) { return one->order().is_too_large(); };
  if (std::any_of(comparison.sides.begin(), comparison.sides.end(), too_large)) {
    comparison.budget.exhausted = true;
    return false;
  }
  const auto is_settled = [&](const Term& term) { return equals.never_holds(term); };
  if (std::all_of(comparison.terms.begin(), comparison.terms.end(), is_settled)) return true;
  std::uint64_t places = 0;
  for (const Meaning* one : comparison.sides) places += one->index().places;
  comparison.budget.allow_for(places);
  const bool only_calls = looks_for_calls(comparison);
  for (const auto walk_one : classes) {
    if (only_calls && walk_one != compare_calls) continue;
    const Walk result = walk_one(comparison);
    if (result == Walk::stopped) return true;
    if (result == Walk::too_complex) {
      comparison.budget.exhausted = true;
      return false;
    }
  }
  return true;
}

}  // namespace

bool compare(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget,
             const Visitor& visit) {
  return compare(sides, terms, budget, Kinds::by_answer, visit);
}

bool compare(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget, Kinds kinds,
             const Visitor& visit) {
  return walk({sides, terms, budget, visit, kinds}, {compare_paths, compare_addresses, compare_calls, compare_process});
}

bool compare_paths(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget, Kinds kinds,
                   const Visitor& visit) {
  return walk({sides, terms, budget, visit, kinds}, {compare_paths});
}

bool compare_all_but_paths(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget,
                           const Visitor& visit) {
  return walk({sides, terms, budget, visit}, {compare_addresses, compare_calls, compare_process});
}

std::optional<ir::Point> find_access(std::span<const Meaning* const> sides, Term term, sets::Budget& budget) {
  std::optional<ir::Point> found;
  compare(sides, std::span(&term, 1), budget, [&](const ir::Point& witness, TermSet) {
    found = witness;
    return false;
  });
  return found;
}

std::optional<ir::Point> find_common(std::span<const Meaning* const> sides, sets::Budget& budget) {
  Term all;
  for (unsigned i = 0; i < sides.size(); ++i) all.in |= side(i);
  return find_access(sides, all, budget);
}

}  // namespace polc::eval
