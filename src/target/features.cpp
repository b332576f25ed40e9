#include "target/features.hpp"

#include <algorithm>

#include "knowledge/calls.hpp"
#include "support/overloaded.hpp"

namespace polc::target {
namespace {

// The features of verbs stand in the verbs' order.
constexpr Feature from(Feature first, unsigned place) { return static_cast<Feature>(static_cast<unsigned>(first) + place); }
static_assert(from(Feature::file_read, static_cast<unsigned>(FileVerb::watch)) == Feature::file_watch);
static_assert(from(Feature::net_connect, static_cast<unsigned>(NetVerb::receive)) == Feature::net_receive);

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

bool matches(const std::vector<sets::PathPattern>& places, std::string_view path) {
  return std::any_of(places.begin(), places.end(), [&](const sets::PathPattern& place) { return place.matches(path); });
}

// Of the patterns the one that is hardest to say.
Feature feature_of_places(const std::vector<sets::PathPattern>& places) {
  Feature hardest = Feature::path_literal;
  for (const sets::PathPattern& place : places)
    for (const sets::Component& component : place.components) {
      const bool is_last = &component == &place.components.back();
      switch (component.kind) {
        case sets::Component::Kind::literal: break;
        case sets::Component::Kind::any: hardest = std::max(hardest, Feature::path_inner_any); break;
        case sets::Component::Kind::below: hardest = std::max(hardest, is_last ? Feature::path_below : Feature::path_inner_any); break;
        default: hardest = std::max(hardest, Feature::path_glob);
      }
    }
  return hardest;
}

bool contains(const ir::OwnerSet& owners, const ir::Owner& owner) {
  return owners.any || (owners.self && owner.self) || std::binary_search(owners.names.begin(), owners.names.end(), owner.name);
}

Feature broken(const ir::FileBox& box, const ir::FilePoint& point) {
  if (!box.verbs.contains(point.verb)) return feature_of(point.verb);
  const bool gives_mode = point.verb == FileVerb::create || point.verb == FileVerb::chmod;
  if (gives_mode && (point.mode & ~box.mode) != 0) return Feature::qualifier_mode;
  if (!box.types.contains(point.type)) return Feature::qualifier_type;
  if (!contains(box.owners, point.owner)) return Feature::qualifier_owner;
  if (point.verb == FileVerb::ioctl && !box.requests.contains(point.request)) return Feature::qualifier_request;
  const bool leads_there = box.successors.empty() || std::find(box.successors.begin(), box.successors.end(), point.successor) != box.successors.end();
  if (point.verb == FileVerb::exec && !leads_there)
    return point.successor.kind == ir::Successor::Kind::policy ? Feature::successor_policy : Feature::successor_unconfined;
  return matches(box.places, point.path) ? feature_of(point.verb) : feature_of_places(box.places);
}

Feature broken(const ir::PairBox& box, const ir::PairPoint& point) {
  if (!box.verbs.contains(point.verb)) return feature_of(point.verb);
  if (!box.types.contains(point.type)) return Feature::qualifier_type;
  if (!contains(box.owners, point.owner)) return Feature::qualifier_owner;
  if (!matches(box.from, point.from)) return feature_of_places(box.from);
  return matches(box.to, point.to) ? feature_of(point.verb) : feature_of_places(box.to);
}

Feature broken(const ir::NetBox& box, const ir::NetPoint& point) {
  if (!box.verbs.contains(point.verb)) return feature_of(point.verb);
  if (!box.types.contains(point.type) || !box.protocols.contains(point.protocol)) return Feature::net_protocol;
  const bool has_address = (point.family != Family::inet || box.ip4.contains(point.ip4)) && (point.family != Family::inet6 || box.ip6.contains(point.ip6));
  if (point.family == Family::unix_family && point.unix_address.kind == ir::UnixAddress::Kind::abstract) return Feature::address_abstract;
  const bool is_internet = point.family == Family::inet || point.family == Family::inet6;
  return is_internet && has_address && !box.ports.contains(point.port) ? Feature::address_port : feature_of_address(point);
}

std::vector<ir::Box> every_file() {
  ir::FileBox files;
  files.verbs = FileVerbs::all();
  files.verbs.remove(FileVerb::rename);
  files.verbs.remove(FileVerb::link);
  files.places = sets::every_path();
  files.successors.clear();
  ir::PairBox pairs;
  pairs.verbs = {FileVerb::rename, FileVerb::link};
  pairs.from = pairs.to = files.places;
  return {files, pairs};
}

std::vector<ir::Box> every_process() {
  std::vector<ir::Box> boxes;
  for (const ir::IdentityKind kind : {ir::IdentityKind::user, ir::IdentityKind::group}) boxes.emplace_back(ir::IdentityBox{kind, sets::NumberSet::all(), {}});
  boxes.emplace_back(ir::CapabilityBox{~std::uint64_t{0}});
  boxes.emplace_back(ir::PeerBox{ir::PeerKind::signal, ~std::uint64_t{0}, true, {}});
  boxes.emplace_back(ir::PeerBox{ir::PeerKind::ptrace, ir::ptrace_read | ir::ptrace_trace, true, {}});
  return boxes;
}

}  // namespace

Feature feature_of(FileVerb verb) { return from(Feature::file_read, static_cast<unsigned>(verb)); }
Feature feature_of(NetVerb verb) { return from(Feature::net_connect, static_cast<unsigned>(verb)); }

Feature feature_of(const ir::Point& point) {
  return std::visit(Overloaded{[](const ir::FilePoint& p) { return feature_of(p.verb); },
                               [](const ir::PairPoint& p) { return feature_of(p.verb); },
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

Feature broken_by(const ir::Box& box, const ir::Point& point) {
  return std::visit(Overloaded{[](const ir::FileBox& b, const ir::FilePoint& p) { return broken(b, p); },
                               [](const ir::PairBox& b, const ir::PairPoint& p) { return broken(b, p); },
                               [](const ir::NetBox& b, const ir::NetPoint& p) { return broken(b, p); },
                               [](const ir::CallBox& b, const ir::CallPoint& p) {
                                 return std::binary_search(b.calls.begin(), b.calls.end(), p.call) ? Feature::call_arguments : Feature::call;
                               },
                               [&](const auto&, const auto&) { return feature_of(point); }},
                    box, point);
}

ir::NetBox everything(Family family) {
  ir::NetBox box;
  box.verbs = NetVerbs::all();
  box.family = family;
  return box;
}

std::vector<ir::Box> everything(ir::AccessClass klass, Os os) {
  switch (klass) {
    case ir::AccessClass::file: return every_file();
    case ir::AccessClass::process: return every_process();
    case ir::AccessClass::syscall: {
      ir::CallBox calls;
      for (std::uint16_t id = 0; id < knowledge::calls_of(os).size(); ++id) calls.calls.push_back(CallId{id});
      return {calls};
    }
    case ir::AccessClass::net: break;
  }
  std::vector<ir::Box> boxes;
  for (unsigned family = 0; family < count_of(Family{}); ++family) boxes.emplace_back(everything(static_cast<Family>(family)));
  return boxes;
}

}  // namespace polc::target
