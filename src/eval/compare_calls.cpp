#include <algorithm>
#include <map>
#include <set>

#include "eval/argument_sets.hpp"
#include "eval/compare_parts.hpp"

namespace polc::eval {
namespace {

using Set = sets::ArgumentSpace::Set;

// One part's arguments for the call at hand.
struct Candidate {
  std::size_t side;
  ir::Effect effect;
  Set arguments;
};

// Per side: what is allowed (less the denies), and what a deny names.
struct Regions {
  std::vector<Set> allowed, denied;
};

Regions regions_of(sets::ArgumentSpace& space, const std::vector<Candidate>& candidates, std::size_t sides) {
  Regions result{std::vector<Set>(sides, space.none), std::vector<Set>(sides, space.none)};
  for (const Candidate& candidate : candidates) {
    auto& into = (candidate.effect == ir::Effect::allow ? result.allowed : result.denied)[candidate.side];
    into = space.disjunction(into, candidate.arguments);
  }
  for (std::size_t i = 0; i < sides; ++i) result.allowed[i] = space.difference(result.allowed[i], result.denied[i]);
  return result;
}

Set region_of(sets::ArgumentSpace& space, const Regions& regions, const Term& term) {
  Set result = space.all;
  for (std::size_t i = 0; i < regions.allowed.size(); ++i) {
    if ((term.in >> i) & 1u) result = space.conjunction(result, regions.allowed[i]);
    if ((term.out >> i) & 1u) result = space.difference(result, regions.allowed[i]);
    if ((term.denied >> i) & 1u) result = space.conjunction(result, regions.denied[i]);
  }
  return result;
}

Membership membership_of(const sets::ArgumentSpace& space, const Regions& regions, const sets::Arguments& arguments) {
  Membership result;
  for (unsigned i = 0; i < regions.allowed.size(); ++i) {
    if (space.contains(regions.allowed[i], arguments)) result.allowed = static_cast<Sides>(result.allowed | side(i));
    if (space.contains(regions.denied[i], arguments)) result.denied = static_cast<Sides>(result.denied | side(i));
  }
  return result;
}

// Each part that has something of a term's region gets a representative there: so every rule that is involved is met.
Walk compare_call(const Comparison& comparison, sets::ArgumentSpace& space, CallId call,
                  const std::vector<Candidate>& candidates) {
  const Regions regions = regions_of(space, candidates, comparison.sides.size());
  std::set<sets::Arguments> witnesses;
  for (const Term& term : comparison.terms) {
    const Set region = region_of(space, regions, term);
    for (const Candidate& candidate : candidates)
      if (const auto found = space.witness(space.conjunction(region, candidate.arguments))) witnesses.insert(*found);
  }
  if (space.exhausted() || !comparison.budget.spend(space.size() / 64 + 1)) return Walk::too_complex;
  for (const auto& arguments : witnesses) {
    const TermSet terms = terms_holding(comparison.terms, membership_of(space, regions, arguments));
    if (!comparison.visit(ir::CallPoint{call, arguments}, terms)) return Walk::stopped;
  }
  return Walk::on;
}

}  // namespace

Walk compare_calls(const Comparison& comparison) {
  std::set<CallId> calls;
  for (const Meaning* side : comparison.sides)
    for (const auto& [call, places] : side->index().by_call) calls.insert(call);
  sets::ArgumentSpace space;
  for (const CallId call : calls) {
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < comparison.sides.size(); ++i) {
      const auto& index = comparison.sides[i]->index();
      const auto found = index.by_call.find(call);
      if (found == index.by_call.end()) continue;
      for (const std::uint32_t place : found->second)
        candidates.push_back({i, index.parts[place].effect,
                              argument_set(space, std::get<ir::CallBox>(index.parts[place].box).where)});
    }
    if (const Walk walk = compare_call(comparison, space, call, candidates); walk != Walk::on) return walk;
  }
  return Walk::on;
}

}  // namespace polc::eval
