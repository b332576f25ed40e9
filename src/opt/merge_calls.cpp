// merge_calls: calls that are allowed (or denied) under the same condition are one rule.
// A call box is a product of its calls and the condition on their arguments; two that differ in the calls alone unite.
#include <algorithm>

#include "opt/keys.hpp"

namespace polc::opt {

Parts merge_calls(Parts parts) {
  const auto is_call = [](const ir::Box& box) { return std::holds_alternative<ir::CallBox>(box); };
  Parts result = merge_by_key(std::move(parts), Without::calls, is_call, [](ir::Box& into, ir::Box&& from) {
    auto& calls = std::get<ir::CallBox>(into).calls;
    const auto& more = std::get<ir::CallBox>(from).calls;
    calls.insert(calls.end(), more.begin(), more.end());
  });
  for (eval::Part& part : result)
    if (auto* box = std::get_if<ir::CallBox>(&part.box)) {
      std::sort(box->calls.begin(), box->calls.end());
      box->calls.erase(std::unique(box->calls.begin(), box->calls.end()), box->calls.end());
    }
  return result;
}

}  // namespace polc::opt
