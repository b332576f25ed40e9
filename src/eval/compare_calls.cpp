#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "eval/argument_sets.hpp"
#include "eval/compare_parts.hpp"

namespace polc::eval {
namespace {

using Set = sets::ArgumentSpace::Set;

// What the parts of one side, slot and effect ask of a call's arguments, each condition once: thousands of rules bring the
// same.
enum class Said : std::uint8_t {
  allowed,
  denied,
  closed,  // refused because of what a deny says of accesses: no deny names the call
};
constexpr Said every_said[] = {Said::allowed, Said::denied, Said::closed};

Said said_by(const Part& part) {
  if (part.effect == ir::Effect::allow) return Said::allowed;
  return part.names_denied() ? Said::denied : Said::closed;
}

struct Asked {
  std::size_t side;
  std::size_t slot;
  Said said;
  std::vector<const ir::Condition*> conditions;
};

// Where a side's conditions stand: three for each slot.
std::size_t place_of(std::size_t first, std::size_t slot, Said said) {
  return first + std::size(every_said) * slot + static_cast<std::size_t>(said);
}

// Calls share the sets of equal conditions, until they fill the space for nothing.
constexpr std::size_t fresh_space_above = 50'000;

// So many are looked through for an equal one.
constexpr std::size_t remembered_conditions = 64;

bool is_among(const std::vector<const ir::Condition*>& conditions, const ir::Condition& wanted) {
  const auto end = conditions.begin() + static_cast<std::ptrdiff_t>(std::min(conditions.size(), remembered_conditions));
  return std::any_of(conditions.begin(), end, [&](const ir::Condition* one) { return *one == wanted; });
}

// Of each side what is said in each slot; `firsts` tells where a side's begin.
std::vector<Asked> nothing_asked(const Comparison& comparison, std::vector<std::size_t>& firsts) {
  std::vector<Asked> result;
  for (std::size_t side = 0; side < comparison.sides.size(); ++side) {
    const Order& order = comparison.sides[side]->order();
    firsts.push_back(result.size());
    for (std::size_t slot = 0; slot < order.slots().size(); ++slot)
      for (const Said said : every_said) result.push_back({side, slot, said, {}});
  }
  return result;
}

void ask(const Comparison& comparison, CallId call, const std::vector<std::size_t>& firsts, std::vector<Asked>& result) {
  for (Asked& one : result) one.conditions.clear();
  for (std::size_t side = 0; side < comparison.sides.size(); ++side) {
    const Order& order = comparison.sides[side]->order();
    const std::size_t first = firsts[side];
    const auto& index = comparison.sides[side]->index();
    for (const auto& [of, place] : index.of(call)) {
      const Part& part = index.parts[place];
      auto& into = result[place_of(first, order.slot_of(part), said_by(part))].conditions;
      const ir::Condition& where = std::get<ir::CallBox>(part.box).where;
      if (!is_among(into, where)) into.push_back(&where);
    }
  }
}

bool all_among(const std::vector<const ir::Condition*>& less, const std::vector<const ir::Condition*>& more) {
  return std::all_of(less.begin(), less.end(), [&](const ir::Condition* one) { return is_among(more, *one); });
}

// Told from the conditions' words: what one side of `in` allows is allowed by one of `out`, or nothing is denied. Of plain
// sides alone.
bool is_settled(const Comparison& comparison, const std::vector<Asked>& asked, const std::vector<std::size_t>& firsts, const Term& term) {
  const std::size_t sides = firsts.size();
  const auto is_plain = [&](std::size_t side) { return comparison.sides[side]->order().is_plain(); };
  for (std::size_t a = 0; a < sides; ++a) {
    if (!is_plain(a)) continue;
    const Asked &allows = asked[firsts[a]], &denies = asked[firsts[a] + 1], &closes = asked[firsts[a] + 2];
    if (((term.denied >> a) & 1u) != 0 && denies.conditions.empty()) return true;
    if (((term.in >> a) & 1u) != 0 && allows.conditions.empty()) return true;
    for (std::size_t b = 0; b < sides; ++b)
      if (((term.in >> a) & 1u) != 0 && ((term.out >> b) & 1u) != 0 && is_plain(b) &&
          all_among(allows.conditions, asked[firsts[b]].conditions) && all_among(asked[firsts[b] + 1].conditions, denies.conditions) &&
          all_among(asked[firsts[b] + 2].conditions, closes.conditions))
        return true;
  }
  return false;
}

struct Candidate {
  std::size_t side;
  std::size_t slot;
  Said said;
  Set arguments;
  auto operator<=>(const Candidate&) const = default;
};

// Per side: what is possibly allowed, what is surely, and what a deny names.
struct Regions {
  std::vector<Set> possible, sure, denied;
};

// The sets of one side as an algebra for Order::evaluate.
struct Algebra {
  sets::ArgumentSpace& space;
  std::vector<Set> allows, denies;  // by slot

  Set none() const { return space.none; }
  Set after(Set set, std::size_t slot) const { return space.difference(space.disjunction(set, allows[slot]), denies[slot]); }
  Set both(Set a, Set b) const { return space.conjunction(a, b); }
  Set either(Set a, Set b) const { return space.disjunction(a, b); }
};

Regions regions_of(sets::ArgumentSpace& space, const std::vector<Candidate>& candidates, std::span<const Meaning* const> sides) {
  Regions result;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const Order& order = sides[i]->order();
    Algebra algebra{space, std::vector<Set>(order.slots().size(), space.none), std::vector<Set>(order.slots().size(), space.none)};
    Set denied = space.none;
    for (const Candidate& candidate : candidates) {
      if (candidate.side != i) continue;
      auto& into = (candidate.said == Said::allowed ? algebra.allows : algebra.denies)[candidate.slot];
      into = space.disjunction(into, candidate.arguments);
      if (candidate.said == Said::denied) denied = space.disjunction(denied, candidate.arguments);
    }
    result.possible.push_back(order.evaluate(order.formulas().possible, algebra));
    result.sure.push_back(order.is_certain() ? result.possible.back() : order.evaluate(order.formulas().sure, algebra));
    result.denied.push_back(denied);
  }
  return result;
}

Set region_of(sets::ArgumentSpace& space, const Regions& regions, const Term& term) {
  Set result = space.all;
  for (std::size_t i = 0; i < regions.possible.size(); ++i) {
    if ((term.in >> i) & 1u) result = space.conjunction(result, regions.possible[i]);
    if ((term.out >> i) & 1u) result = space.difference(result, regions.sure[i]);
    if ((term.denied >> i) & 1u) result = space.conjunction(result, regions.denied[i]);
  }
  return result;
}

Membership membership_of(const sets::ArgumentSpace& space, const Regions& regions, const sets::Arguments& arguments) {
  Membership result;
  for (unsigned i = 0; i < regions.possible.size(); ++i) {
    if (space.contains(regions.possible[i], arguments)) result.allowed |= side(i);
    if (space.contains(regions.sure[i], arguments)) result.sure |= side(i);
    if (space.contains(regions.denied[i], arguments)) result.denied |= side(i);
  }
  return result;
}

/// Representatives of the arguments, with the terms that hold there.
using Met = std::vector<std::pair<sets::Arguments, TermSet>>;

/// Exact sets mostly live in one space, that of an artefact that was read: then the comparison goes on in a copy of it, where they
/// need not be made again.
class Spaces {
 public:
  sets::ArgumentSpace& for_call(const std::vector<Asked>& asked) {
    const std::shared_ptr<const sets::ArgumentSpace> wanted = space_in(asked);
    if (space_.size() > fresh_space_above || (wanted != nullptr && wanted != base_)) {
      met_.clear();
      base_ = wanted;
      space_ = wanted == nullptr ? sets::ArgumentSpace() : *wanted;
    }
    return space_;
  }

  Set set_of(const ir::Condition& condition) {
    const bool is_here = condition.kind == ir::Condition::Kind::exact && condition.exact.space == base_;
    return is_here ? condition.exact.set : argument_set(space_, condition);
  }

  /// Hundreds of calls mean the same to all sides: what is met of the first is kept for the others, while the space lasts.
  std::map<std::vector<Candidate>, Met>& met() { return met_; }

 private:
  static std::shared_ptr<const sets::ArgumentSpace> space_in(const std::vector<Asked>& asked) {
    for (const Asked& one : asked)
      for (const ir::Condition* condition : one.conditions)
        if (condition->kind == ir::Condition::Kind::exact) return condition->exact.space;
    return nullptr;
  }

  std::shared_ptr<const sets::ArgumentSpace> base_;
  sets::ArgumentSpace space_;
  std::map<std::vector<Candidate>, Met> met_;
};

// Each part that has something of a term's region gets a representative there: so every rule that is involved is met.
std::optional<Met> meet(const Comparison& comparison, sets::ArgumentSpace& space, const std::vector<Candidate>& candidates) {
  const Regions regions = regions_of(space, candidates, comparison.sides);
  std::set<sets::Arguments> witnesses;
  for (const Term& term : comparison.terms) {
    const Set region = region_of(space, regions, term);
    for (const Candidate& candidate : candidates)
      if (const auto found = space.witness(space.conjunction(region, candidate.arguments))) witnesses.insert(*found);
  }
  if (space.exhausted() || !comparison.budget.spend(space.size() / 64 + 1)) return std::nullopt;
  Met met;
  for (const auto& arguments : witnesses)
    met.emplace_back(arguments, terms_holding(comparison.terms, membership_of(space, regions, arguments)));
  return met;
}

}  // namespace

Walk compare_calls(const Comparison& comparison) {
  std::vector<CallId> calls;
  for (const Meaning* side : comparison.sides)
    for (const auto& [call, place] : side->index().by_call)
      if (calls.empty() || calls.back() != call) calls.push_back(call);
  std::sort(calls.begin(), calls.end());
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  Spaces spaces;
  std::vector<std::size_t> firsts;
  std::vector<Asked> asked = nothing_asked(comparison, firsts);
  for (const CallId call : calls) {
    ask(comparison, call, firsts, asked);
    const auto settled = [&](const Term& term) { return is_settled(comparison, asked, firsts, term); };
    if (std::all_of(comparison.terms.begin(), comparison.terms.end(), settled)) continue;
    sets::ArgumentSpace& space = spaces.for_call(asked);
    std::vector<Candidate> candidates;
    for (const Asked& one : asked)
      for (const ir::Condition* condition : one.conditions)
        candidates.push_back({one.side, one.slot, one.said, spaces.set_of(*condition)});
    auto known = spaces.met().find(candidates);
    if (known == spaces.met().end()) {
      auto met = meet(comparison, space, candidates);
      if (!met) return Walk::too_complex;
      known = spaces.met().emplace(std::move(candidates), std::move(*met)).first;
    }
    for (const auto& [arguments, terms] : known->second)
      if (!comparison.visit(ir::CallPoint{call, arguments}, terms)) return Walk::stopped;
  }
  return Walk::on;
}

}  // namespace polc::eval
