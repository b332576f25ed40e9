#include "learn/prove.hpp"

#include "eval/compare.hpp"

namespace polc::learn {
namespace {

using eval::side;

}  // namespace

eval::Meaning united(const eval::Meaning& rest, const std::vector<ir::Box>& boxes, Os os) {
  std::vector<eval::Part> parts = rest.parts();
  for (const ir::Box& box : boxes) parts.push_back({ir::Effect::allow, box, {}, false});
  return eval::make_meaning(std::move(parts), os, true);
}

Prover::Prover(Os os, eval::Meaning rest, const std::vector<Danger>& dangers) : os_(os), rest_(std::move(rest)) {
  for (const Danger& danger : dangers) dangers_.push_back({eval::make_meaning(danger.parts, os, false), danger.extent});
}

bool Prover::meets(const Row& danger, const eval::Meaning& wide, const eval::Meaning& narrow, sets::Budget& budget) const {
  if (danger.extent == lint::Extent::some) {
    const eval::Meaning* const sides[] = {&wide, &danger.meaning, &narrow, &rest_};
    return eval::find_access(sides, {.in = side(0) | side(1), .out = side(2) | side(3)}, budget).has_value();
  }
  const eval::Meaning* const now[] = {&danger.meaning, &wide, &rest_};
  const eval::Meaning* const before[] = {&danger.meaning, &narrow, &rest_};
  const eval::Term beyond{.in = side(0), .out = side(1) | side(2)};
  return !eval::find_access(now, beyond, budget) && eval::find_access(before, beyond, budget);
}

Added Prover::added(const std::vector<ir::Box>& wide, const std::vector<ir::Box>& narrow) const {
  return added(eval::set_of(wide, os_, true), narrow);
}

Added Prover::added(const eval::Meaning& wide, const std::vector<ir::Box>& narrow) const {
  sets::Budget budget;
  const eval::Meaning seen = eval::set_of(narrow, os_, true);
  const eval::Meaning* const sides[] = {&wide, &seen, &rest_};
  Added result;
  result.example = eval::find_access(sides, {.in = side(0), .out = side(1) | side(2)}, budget);
  for (const Row& danger : dangers_)
    if (!result.is_dangerous) result.is_dangerous = meets(danger, wide, seen, budget);
  result.is_dangerous |= budget.exhausted;
  return result;
}

}  // namespace polc::learn
