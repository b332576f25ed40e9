#include "target/points.hpp"

#include <algorithm>

#include "knowledge/call_numbers.hpp"
#include "support/overloaded.hpp"

namespace polc::target {
namespace {

Feature feature_of_verb(FileVerb verb) {
  // Both lists are in the same order; a test holds them together.
  constexpr std::array features{Feature::file_read,  Feature::file_write, Feature::file_append, Feature::file_create,
                                Feature::file_remove, Feature::file_truncate, Feature::file_rename, Feature::file_link,
                                Feature::file_chmod, Feature::file_chown, Feature::file_utime,  Feature::file_xattr,
                                Feature::file_stat,  Feature::file_chdir, Feature::file_chroot, Feature::file_exec,
                                Feature::file_map,   Feature::file_lock,  Feature::file_ioctl,  Feature::file_watch};
  static_assert(features.size() == file_verb_names.size());
  return features[static_cast<std::size_t>(verb)];
}

Feature feature_of_address(const ir::NetPoint& point) {
  switch (point.family) {
    case Family::inet: return Feature::address_inet;
    case Family::inet6: return Feature::address_inet6;
    case Family::unix_family: return Feature::address_unix;
    case Family::netlink: return Feature::family_netlink;
    case Family::packet: return Feature::family_packet;
    case Family::other: return Feature::family_other;
  }
  return Feature::address_inet;
}

}  // namespace

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

Feature feature_of(const ir::Point& point) {
  return std::visit(Overloaded{[](const ir::FilePoint& p) { return feature_of_verb(p.verb); },
                               [](const ir::PairPoint& p) { return feature_of_verb(p.verb); },
                               [](const ir::NetPoint& p) { return feature_of_address(p); },
                               [](const ir::CallPoint&) { return Feature::call; },
                               [](const ir::IdentityPoint& p) {
                                 return p.kind == ir::IdentityKind::user ? Feature::identity_user : Feature::identity_group;
                               },
                               [](const ir::CapabilityPoint&) { return Feature::capability; },
                               [](const ir::PeerPoint& p) {
                                 return p.kind == ir::PeerKind::signal ? Feature::signal : Feature::ptrace;
                               }},
                    point);
}

bool can_happen(const ir::Configuration& configuration, const ir::Point& point) {
  const auto* call = std::get_if<ir::CallPoint>(&point);
  return call == nullptr || configuration.os != Os::linux_os || knowledge::number_of(configuration.arch, call->call).has_value();
}

}  // namespace polc::target
