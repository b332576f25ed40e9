#include <algorithm>

#include "eval/assertions.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

using Alternatives = std::vector<ir::Point>;
using Wanted = std::vector<Alternatives>;

// A set this small is asked value by value; a larger one is a pattern.
constexpr std::size_t values_at_most = 16;

template <class Number>
std::optional<std::vector<Number>> values_of(const sets::IntervalSet<Number>& set) {
  std::vector<Number> result;
  for (const auto& interval : set.intervals()) {
    if (static_cast<Number>(interval.high - interval.low) >= Number{values_at_most}) return std::nullopt;
    for (Number n = interval.low;; ++n) {
      result.push_back(n);
      if (n == interval.high) break;
    }
    if (result.size() > values_at_most) return std::nullopt;
  }
  return result;
}

bool all_literal(const std::vector<sets::PathPattern>& patterns) {
  return std::all_of(patterns.begin(), patterns.end(), [](const auto& pattern) { return pattern.is_literal(); });
}

std::vector<ir::Owner> owners_of(const ir::OwnerSet& owners) {
  if (owners.any) return {{false, ""}, {true, ""}};
  std::vector<ir::Owner> result;
  if (owners.self) result.push_back({true, ""});
  for (const auto& name : owners.names) result.push_back({false, name});
  return result;
}

// A stated dimension makes one wanted list a value, a left-out one an alternative in each. A point of a stated type is
// asked with the plainest value of what cannot be stated one by one (a mode, a request set).
std::optional<Wanted> concrete(const ir::FileBox& box, const ir::LeftOut& left_out) {
  if (!all_literal(box.places)) return std::nullopt;
  const auto successors = box.successors.empty() || left_out.successor
                              ? std::vector<ir::Successor>{ir::Successor{}, {ir::Successor::Kind::unconfined, ""}}
                              : box.successors;
  Wanted wanted;
  for (const auto& place : box.places)
    box.verbs.for_each([&](FileVerb verb) {
      Alternatives whatever_type;
      box.types.for_each([&](FileType type) {
        Alternatives here;
        for (const auto& owner : owners_of(box.owners))
          for (const auto& successor : successors) {
            ir::FilePoint point{verb, place.literal(), type, owner, 0, box.requests.lowest().value_or(0), successor};
            here.emplace_back(std::move(point));
            if (verb != FileVerb::exec) break;
          }
        if (!left_out.type) wanted.push_back(here);
        whatever_type.insert(whatever_type.end(), here.begin(), here.end());
      });
      if (left_out.type) wanted.push_back(std::move(whatever_type));
    });
  return wanted;
}

std::optional<Wanted> concrete(const ir::PairBox& box, const ir::LeftOut& left_out) {
  if (!all_literal(box.from) || !all_literal(box.to)) return std::nullopt;
  Wanted wanted;
  for (const auto& from : box.from)
    for (const auto& to : box.to)
      box.verbs.for_each([&](FileVerb verb) {
        Alternatives whatever_type;
        box.types.for_each([&](FileType type) {
          Alternatives here;
          for (const auto& owner : owners_of(box.owners))
            here.emplace_back(ir::PairPoint{verb, from.literal(), to.literal(), type, owner});
          if (!left_out.type) wanted.push_back(here);
          whatever_type.insert(whatever_type.end(), here.begin(), here.end());
        });
        if (left_out.type) wanted.push_back(std::move(whatever_type));
      });
  return wanted;
}

std::optional<std::vector<ir::NetPoint>> addressed(const ir::NetBox& box, const ir::NetPoint& start) {
  std::vector<ir::NetPoint> result;
  const auto ports = values_of(box.ports);
  const bool internet = box.family == Family::inet || box.family == Family::inet6;
  const auto ip4 = box.family == Family::inet ? values_of(box.ip4) : std::vector<std::uint32_t>{0};
  const auto ip6 = box.family == Family::inet6 ? values_of(box.ip6) : std::vector<sets::Uint128>{0};
  if (internet) {
    if (!ports || !ip4 || !ip6) return std::nullopt;
    for (const auto four : *ip4)
      for (const auto six : *ip6)
        for (const auto port : *ports) {
          ir::NetPoint point = start;
          point.ip4 = four, point.ip6 = six, point.port = port;
          result.push_back(std::move(point));
        }
    return result;
  }
  if (box.family != Family::unix_family) return std::vector{start};
  if (box.any_unix_address || !all_literal(box.paths) || !box.abstracts.empty()) return std::nullopt;
  for (const auto& path : box.paths) {
    ir::NetPoint point = start;
    point.unix_address = {ir::UnixAddress::Kind::path, path.literal()};
    result.push_back(std::move(point));
  }
  return result;
}

std::optional<Wanted> concrete(const ir::NetBox& box, const ir::LeftOut& left_out) {
  const auto protocols = values_of(box.protocols);
  if (left_out.address || left_out.port) return std::nullopt;
  const bool named = protocols && !protocols->empty();
  Wanted wanted;
  bool pattern = false;
  box.verbs.for_each([&](NetVerb verb) {
    box.types.for_each([&](SocketType type) {
      for (const auto protocol : named ? *protocols : std::vector<std::uint32_t>{0}) {
        ir::NetPoint point;
        point.verb = verb, point.family = box.family, point.type = type, point.protocol = protocol;
        const auto points = addressed(box, point);
        if (!points) pattern = true;
        else
          for (const auto& one : *points) wanted.push_back({ir::Point(one)});
      }
    });
  });
  if (pattern) return std::nullopt;
  return wanted;
}

std::optional<Wanted> concrete(const ir::CallBox& box, const ir::LeftOut& left_out) {
  if (left_out.arguments || !box.where.is_always()) return std::nullopt;
  Wanted wanted;
  for (const CallId call : box.calls) wanted.push_back({ir::Point(ir::CallPoint{call, {}})});
  return wanted;
}

std::optional<Wanted> concrete(const ir::IdentityBox& box, const ir::LeftOut&) {
  const auto ids = values_of(box.ids);
  if (!ids) return std::nullopt;
  Wanted wanted;
  for (const auto id : *ids) wanted.push_back({ir::Point(ir::IdentityPoint{box.kind, {"", true, id}})});
  for (const auto& account : box.accounts) wanted.push_back({ir::Point(ir::IdentityPoint{box.kind, account})});
  return wanted;
}

std::optional<Wanted> concrete(const ir::CapabilityBox& box, const ir::LeftOut&) {
  Wanted wanted;
  for (std::uint8_t n = 0; n < 64; ++n)
    if ((box.capabilities >> n) & 1u) wanted.push_back({ir::Point(ir::CapabilityPoint{n})});
  return wanted;
}

std::optional<Wanted> concrete(const ir::PeerBox& box, const ir::LeftOut&) {
  if (box.any_peer) return std::nullopt;
  Wanted wanted;
  for (std::uint8_t n = 0; n < 64; ++n)
    if ((box.what >> n) & 1u)
      for (const auto& peer : box.peers) wanted.push_back({ir::Point(ir::PeerPoint{box.kind, n, peer})});
  return wanted;
}

}  // namespace

std::optional<Wanted> concrete_points(const ir::Box& box, const ir::LeftOut& left_out) {
  return std::visit([&](const auto& b) { return concrete(b, left_out); }, box);
}

}  // namespace polc::eval
