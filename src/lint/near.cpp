#include "lint/near.hpp"

#include <algorithm>

namespace polc::lint {
namespace {

// Before their first pattern the paths go different ways.
bool part_early(const sets::PathPattern& a, const sets::PathPattern& b) {
  using Kind = sets::Component::Kind;
  for (std::size_t i = 0; i < std::min(a.components.size(), b.components.size()); ++i) {
    if (a.components[i].kind != Kind::literal || b.components[i].kind != Kind::literal) return false;
    if (a.components[i].text != b.components[i].text) return true;
  }
  return false;
}

/// False: surely not, whatever else an access brings along (exec a map, bind a socket's file). Ten thousand rules are not
/// compared with a danger that few of them come near.
struct MayMeet {
  bool operator()(const ir::FileBox& a, const ir::FileBox& b) const {
    return std::any_of(a.places.begin(), a.places.end(), [&](const auto& one) {
      return std::any_of(b.places.begin(), b.places.end(), [&](const auto& other) { return !part_early(one, other); });
    });
  }
  bool operator()(const ir::CallBox& a, const ir::CallBox& b) const {
    return std::find_first_of(a.calls.begin(), a.calls.end(), b.calls.begin(), b.calls.end()) != a.calls.end();
  }
  bool operator()(const ir::CapabilityBox& a, const ir::CapabilityBox& b) const { return (a.capabilities & b.capabilities) != 0; }
  bool operator()(const ir::NetBox& a, const ir::FileBox&) const { return a.family == Family::unix_family; }
  template <class Other>
  bool operator()(const Other&, const Other&) const {
    return true;
  }
  template <class One, class Other>
  bool operator()(const One&, const Other&) const {
    return false;
  }
};

}  // namespace

bool may_meet(const ir::Box& one, const ir::Box& other) { return std::visit(MayMeet{}, one, other); }

bool may_meet(const std::vector<ir::Box>& some, const std::vector<ir::Box>& others) {
  return std::any_of(some.begin(), some.end(), [&](const ir::Box& one) {
    return std::any_of(others.begin(), others.end(), [&](const ir::Box& other) { return may_meet(one, other); });
  });
}

}  // namespace polc::lint
