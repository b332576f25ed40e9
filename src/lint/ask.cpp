#include "lint/ask.hpp"

#include <utility>

namespace polc::lint::ask {
namespace {

std::optional<ir::Point> first(const eval::Meaning& a, const eval::Meaning& b, eval::Term term, sets::Budget& budget) {
  const eval::Meaning* const sides[] = {&a, &b};
  return eval::find_access(sides, term, budget);
}

}  // namespace

std::optional<ir::Point> shared(const eval::Meaning& one, const eval::Meaning& other, sets::Budget& budget) {
  return first(one, other, {.in = eval::side(0) | eval::side(1)}, budget);
}

std::optional<ir::Point> missing(const eval::Meaning& wanted, const eval::Meaning& given, sets::Budget& budget) {
  return first(wanted, given, {.in = eval::side(0), .out = eval::side(1)}, budget);
}

eval::Meaning set_of(std::vector<ir::Box> boxes, Os os) {
  std::vector<eval::Part> parts;
  for (ir::Box& box : boxes) parts.push_back({ir::Effect::allow, std::move(box), {}, false});
  return eval::make_meaning(std::move(parts), os, false);
}

ir::Box whole_call(CallId call) { return ir::CallBox{{call}, {}}; }

}  // namespace polc::lint::ask
