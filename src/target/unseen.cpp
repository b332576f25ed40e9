#include "target/unseen.hpp"

#include <algorithm>

namespace polc::target {

std::vector<ir::Box> unseen_of(const eval::Meaning& permits, const Printed& printed) {
  const auto is_raw = [&](std::uint32_t line) {
    return line != 0 && line <= printed.origins.size() && printed.origins[line - 1].kind == Origin::Kind::raw;
  };
  std::vector<ir::Box> boxes;
  for (const eval::Part& part : permits.parts()) {
    if (part.effect != ir::Effect::allow || !part.rules.empty() || is_raw(part.line)) continue;
    const auto* call = std::get_if<ir::CallBox>(&part.box);
    const auto is_alike = [&](const ir::Box& box) {
      const auto* other = std::get_if<ir::CallBox>(&box);
      return call != nullptr && other != nullptr && other->where == call->where;
    };
    const auto found = std::find_if(boxes.begin(), boxes.end(), is_alike);
    if (found == boxes.end()) {
      boxes.push_back(part.box);
      continue;
    }
    auto& calls = std::get<ir::CallBox>(*found).calls;
    calls.insert(calls.end(), call->calls.begin(), call->calls.end());
  }
  // Calls come last: they are many, and each but a few is named.
  std::stable_partition(boxes.begin(), boxes.end(), [](const ir::Box& box) { return !std::holds_alternative<ir::CallBox>(box); });
  for (ir::Box& box : boxes)
    if (auto* call = std::get_if<ir::CallBox>(&box)) std::sort(call->calls.begin(), call->calls.end());
  return boxes;
}

}  // namespace polc::target
