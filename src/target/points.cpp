#include "target/points.hpp"

#include <algorithm>

#include "knowledge/call_numbers.hpp"
#include "support/overloaded.hpp"

namespace polc::target {
PointKind kind_of(const ir::Point& point) {
  const auto detail = std::visit(Overloaded{[](const ir::FilePoint& p) { return static_cast<unsigned>(p.verb); },
                                            [](const ir::PairPoint& p) { return static_cast<unsigned>(p.verb); },
                                            [](const ir::NetPoint& p) {
                                              return static_cast<unsigned>(p.family) * 8 + static_cast<unsigned>(p.verb);
                                            },
                                            [](const ir::CallPoint&) { return 0u; },
                                            [](const ir::IdentityPoint& p) { return static_cast<unsigned>(p.kind); },
                                            [](const ir::CapabilityPoint&) { return 0u; },
                                            [](const ir::PeerPoint& p) { return static_cast<unsigned>(p.kind); }},
                                 point);
  return {point.index(), detail};
}

bool same_kind(const ir::Box& box, const ir::Point& point) {
  return std::visit(
      Overloaded{[](const ir::FileBox& b, const ir::FilePoint& p) { return b.verbs.contains(p.verb); },
                 [](const ir::PairBox& b, const ir::PairPoint& p) { return b.verbs.contains(p.verb); },
                 [](const ir::NetBox& b, const ir::NetPoint& p) { return b.verbs.contains(p.verb) && b.family == p.family; },
                 [](const ir::CallBox&, const ir::CallPoint&) { return true; },
                 [](const ir::IdentityBox& b, const ir::IdentityPoint& p) { return b.kind == p.kind; },
                 [](const ir::CapabilityBox&, const ir::CapabilityPoint&) { return true; },
                 [](const ir::PeerBox& b, const ir::PeerPoint& p) { return b.kind == p.kind; },
                 [](const auto&, const auto&) { return false; }},  // a box and a point of different kinds
      box, point);
}

bool names_kind(const ir::Rule& rule, const ir::Point& point) {
  return std::any_of(rule.boxes.begin(), rule.boxes.end(), [&](const ir::Box& box) { return same_kind(box, point); });
}

bool can_happen(const ir::Configuration& configuration, const ir::Point& point) {
  const auto* id = std::get_if<ir::IdentityPoint>(&point);
  if (id != nullptr && id->account.has_id && id->account.id == sets::NumberSet::maximum) return false;  // it says "leave it as it is"
  const auto* call = std::get_if<ir::CallPoint>(&point);
  return call == nullptr || configuration.os != Os::linux_os || knowledge::number_of(configuration.arch, call->call).has_value();
}

}  // namespace polc::target
