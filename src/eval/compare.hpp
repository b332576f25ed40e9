// The one procedure behind verdicts, assertions, verify and diff: walks every distinguishable kind of access over several
// meanings at once and hands out one representative of each kind that satisfies a question. Exact.
//   Term wider{.in = side(0), .out = side(1)};      // allowed by the first, not by the second
//   compare({&permitted, &meaning}, {wider}, budget, [&](const ir::Point& witness, TermSet) { ...; return true; });
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "eval/meaning.hpp"
#include "sets/path_space.hpp"

namespace polc::eval {

/// A set of the sides of a comparison: bit i is the i-th meaning.
using Sides = std::uint32_t;
constexpr Sides side(unsigned i) { return Sides{1} << i; }
/// So many sides, and terms, has a comparison at most.
inline constexpr std::size_t most_sides = 32;

/// The accesses that every side of `in` allows, no side of `out` allows, and a deny rule of each of `denied` names.
/// At least one of `in` and `denied` is not empty. Where a side is not certain (order.hpp), `in` asks for what it possibly
/// allows and `out` for what it surely does: so nothing is missed.
struct Term {
  Sides in = 0;
  Sides out = 0;
  Sides denied = 0;
  /// In these dimensions of a path access `out` asks for every value at once: no value of them is allowed.
  ir::LeftOut whatever = {};
};
/// Bit i: the i-th term holds.
using TermSet = std::uint32_t;

/// What makes two accesses be of one kind: they differ in nothing that the sides say of them; or not in the places that name
/// them either, so that each part of the sides is met at accesses of its own. Whoever lays a difference at a rule's door asks
/// by place: by answer the first of equal rules hides the others. (Only paths are told apart by answer; all else is by place.)
enum class Kinds : std::uint8_t { by_answer, by_place };

/// Called once for each kind of access that satisfies a term, in each class shortest path or lowest number first. Returns
/// false to stop.
using Visitor = std::function<bool(const ir::Point& witness, TermSet terms)>;

/// False when the budget ran out before every kind was seen: then what was not found is unknown.
bool compare(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget, const Visitor& visit);

/// The same, with such kinds. By place takes longer, so first ask by answer whether there is anything at all.
bool compare(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget, Kinds kinds,
             const Visitor& visit);

/// The same for accesses of paths alone (files, pairs, unix sockets).
bool compare_paths(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget, Kinds kinds,
                   const Visitor& visit);

/// The same for all the others.
bool compare_all_but_paths(std::span<const Meaning* const> sides, std::span<const Term> terms, sets::Budget& budget,
                           const Visitor& visit);

/// The first representative for one term, if any. `budget.exhausted` says whether "none" is certain.
std::optional<ir::Point> find_access(std::span<const Meaning* const> sides, Term term, sets::Budget& budget);
/// The first that all sides allow.
std::optional<ir::Point> find_common(std::span<const Meaning* const> sides, sets::Budget& budget);

}  // namespace polc::eval
