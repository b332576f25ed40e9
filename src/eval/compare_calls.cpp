#include <algorithm>
#include <map>
#include <set>

#include "eval/argument_sets.hpp"
#include "eval/compare_parts.hpp"

namespace polc::eval {
namespace {

using Set = sets::ArgumentSpace::Set;

// What the parts of one side and effect ask of a call's arguments, each condition once: thousands of rules bring the same.
struct Asked {
  std::size_t side;
  ir::Effect effect;
  std::vector<const ir::Condition*> conditions;
};

// Calls share the sets of equal conditions, until they fill the space for nothing.
constexpr std::size_t fresh_space_above = 50'000;

// So many are looked through for an equal one.
constexpr std::size_t remembered_conditions = 64;

bool is_among(const std::vector<const ir::Condition*>& conditions, const ir::Condition& wanted) {
  const auto end = conditions.begin() + static_cast<std::ptrdiff_t>(std::min(conditions.size(), remembered_conditions));
  return std::any_of(conditions.begin(), end, [&](const ir::Condition* one) { return *one == wanted; });
}

// Both effects of each side, allows first.
std::vector<Asked> asked_of(const Comparison& comparison, CallId call) {
  std::vector<Asked> result;
  for (std::size_t side = 0; side < comparison.sides.size(); ++side) {
    result.push_back({side, ir::Effect::allow, {}});
    result.push_back({side, ir::Effect::deny, {}});
    const auto& index = comparison.sides[side]->index();
    const auto found = index.by_call.find(call);
    if (found == index.by_call.end()) continue;
    for (const std::uint32_t place : found->second) {
      const Part& part = index.parts[place];
      auto& into = result[2 * side + (part.effect == ir::Effect::deny ? 1 : 0)].conditions;
      const ir::Condition& where = std::get<ir::CallBox>(part.box).where;
      if (!is_among(into, where)) into.push_back(&where);
    }
  }
  return result;
}

bool all_among(const std::vector<const ir::Condition*>& less, const std::vector<const ir::Condition*>& more) {
  return std::all_of(less.begin(), less.end(), [&](const ir::Condition* one) { return is_among(more, *one); });
}

// Told from the conditions' words: what one side of `in` allows is allowed by one of `out`, or nothing is denied.
bool is_settled(const std::vector<Asked>& asked, const Term& term) {
  const std::size_t sides = asked.size() / 2;
  for (std::size_t a = 0; a < sides; ++a) {
    if (((term.denied >> a) & 1u) != 0 && asked[2 * a + 1].conditions.empty()) return true;
    for (std::size_t b = 0; b < sides; ++b)
      if (((term.in >> a) & 1u) != 0 && ((term.out >> b) & 1u) != 0 &&
          all_among(asked[2 * a].conditions, asked[2 * b].conditions) &&
          all_among(asked[2 * b + 1].conditions, asked[2 * a + 1].conditions))
        return true;
  }
  return false;
}

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
    const std::vector<Asked> asked = asked_of(comparison, call);
    if (std::all_of(comparison.terms.begin(), comparison.terms.end(), [&](const Term& term) { return is_settled(asked, term); }))
      continue;
    if (space.size() > fresh_space_above) space = sets::ArgumentSpace();
    std::vector<Candidate> candidates;
    for (const Asked& one : asked)
      for (const ir::Condition* condition : one.conditions)
        candidates.push_back({one.side, one.effect, argument_set(space, *condition)});
    if (const Walk walk = compare_call(comparison, space, call, candidates); walk != Walk::on) return walk;
  }
  return Walk::on;
}

}  // namespace polc::eval
