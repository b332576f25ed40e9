#include "lint/ask.hpp"

namespace polc::lint::ask {

std::optional<ir::Point> shared(const eval::Meaning& one, const eval::Meaning& other, sets::Budget& budget) {
  const eval::Meaning* const sides[] = {&one, &other};
  return eval::find_common(sides, budget);
}

std::optional<ir::Point> missing(const eval::Meaning& wanted, const eval::Meaning& given, sets::Budget& budget) {
  const eval::Meaning* const sides[] = {&wanted, &given};
  return eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget);
}

ir::Box whole_call(CallId call) { return ir::CallBox{{call}, {}}; }

}  // namespace polc::lint::ask
