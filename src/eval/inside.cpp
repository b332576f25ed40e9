#include "eval/inside.hpp"

#include <algorithm>

#include "eval/argument_sets.hpp"
#include "sets/path_inclusion.hpp"

namespace polc::eval {
namespace {

using Points = std::vector<ir::Point>;

// A set of many ranges is met at its first ones.
constexpr std::size_t most_ranges = 32;

std::vector<std::string> paths_of(const std::vector<sets::PathPattern>& places) {
  std::vector<std::string> paths;
  for (const sets::PathPattern& place : places)
    if (auto path = place.is_literal() ? place.literal() : sets::path_in(place)) paths.push_back(*std::move(path));
  return paths;
}

// Directories are named apart from the rest by several targets; the other types are alike to most.
std::vector<FileType> types_of(FileTypes types) {
  std::vector<FileType> result;
  types.for_each([&](FileType type) {
    const bool first_other = std::all_of(result.begin(), result.end(), [](FileType t) { return t == FileType::dir; });
    if (type == FileType::dir || first_other) result.push_back(type);
  });
  return result;
}

ir::Owner owner_of(const ir::OwnerSet& owners) {
  if (owners.any) return {};
  if (owners.self) return {true, ""};
  return {false, owners.names.empty() ? std::string() : owners.names.front()};
}

template <class Number>
std::vector<Number> ends_of(const sets::IntervalSet<Number>& set) {
  std::vector<Number> result;
  for (const auto& [low, high] : set.intervals()) {
    result.push_back(low);
    if (high != low) result.push_back(high);
    if (result.size() >= most_ranges) break;
  }
  return result;
}

Points inside(const ir::FileBox& box) {
  Points points;
  const std::vector<FileType> types = types_of(box.types);
  const ir::Owner owner = owner_of(box.owners);
  const ir::Successor successor = box.successors.empty() ? ir::Successor{} : box.successors.front();
  for (const std::string& path : paths_of(box.places))
    box.verbs.for_each([&](FileVerb verb) {
      for (const FileType type : types)
        points.emplace_back(ir::FilePoint{verb, path, type, owner, 0, box.requests.lowest().value_or(0), successor});
    });
  return points;
}

Points inside(const ir::PairBox& box) {
  Points points;
  const std::vector<std::string> to = paths_of(box.to);
  for (const std::string& from : paths_of(box.from))
    for (std::size_t i = 0; i < to.size() && i < most_ranges; ++i)
      box.verbs.for_each([&](FileVerb verb) {
        for (const FileType type : types_of(box.types)) points.emplace_back(ir::PairPoint{verb, from, to[i], type, owner_of(box.owners)});
      });
  return points;
}

std::vector<ir::UnixAddress> unix_addresses_of(const ir::NetBox& box) {
  if (box.any_unix_address) return {{}, {ir::UnixAddress::Kind::path, "/a"}, {ir::UnixAddress::Kind::abstract, "a"}};
  std::vector<ir::UnixAddress> result;
  for (std::string& path : paths_of(box.paths)) result.push_back({ir::UnixAddress::Kind::path, std::move(path)});
  for (const sets::PathPattern& name : box.abstracts)
    if (auto found = sets::path_in(name)) {
      if (found->starts_with('/')) found->erase(0, 1);  // it is told as a path
      result.push_back({ir::UnixAddress::Kind::abstract, *std::move(found)});
    }
  return result;
}

void add_addresses(const ir::NetBox& box, ir::NetPoint point, Points& out) {
  if (box.family == Family::inet) {
    for (const auto address : ends_of(box.ip4))
      for (const auto port : ends_of(box.ports)) out.emplace_back((point.ip4 = address, point.port = port, point));
  } else if (box.family == Family::inet6) {
    for (const auto address : ends_of(box.ip6))
      for (const auto port : ends_of(box.ports)) out.emplace_back((point.ip6 = address, point.port = port, point));
  } else if (box.family == Family::unix_family) {
    for (auto& address : unix_addresses_of(box)) out.emplace_back((point.unix_address = std::move(address), point));
  } else {
    out.emplace_back(point);
  }
}

Points inside(const ir::NetBox& box) {
  Points points;
  const auto protocol = box.protocols.lowest();
  if (!protocol) return points;
  box.verbs.for_each([&](NetVerb verb) {
    box.types.for_each([&](SocketType type) { add_addresses(box, {verb, box.family, type, *protocol, 0, 0, 0, {}}, points); });
  });
  return points;
}

Points inside(const ir::CallBox& box) {
  const bool is_choice = box.where.kind == ir::Condition::Kind::disjunction;
  const std::vector<ir::Condition> ways = is_choice ? box.where.terms : std::vector{box.where};
  Points points;
  sets::ArgumentSpace space;
  for (const ir::Condition& way : ways)
    if (const auto arguments = space.witness(argument_set(space, way)))
      for (const CallId call : box.calls) points.emplace_back(ir::CallPoint{call, *arguments});
  return points;
}

Points inside(const ir::IdentityBox& box) {
  Points points;
  for (const auto id : ends_of(box.ids)) points.emplace_back(ir::IdentityPoint{box.kind, {"", true, id}});
  for (const ir::Account& account : box.accounts) points.emplace_back(ir::IdentityPoint{box.kind, account});
  return points;
}

Points inside(const ir::CapabilityBox& box) {
  Points points;
  for (std::uint8_t number = 0; number < 64; ++number)
    if ((box.capabilities >> number) & 1u) points.emplace_back(ir::CapabilityPoint{number});
  return points;
}

Points inside(const ir::PeerBox& box) {
  Points points;
  const std::vector<ir::Peer> peers = box.any_peer ? std::vector{ir::Peer{}, {ir::Peer::Kind::other, ""}} : box.peers;
  for (std::uint8_t bit = 0; bit < 64; ++bit)
    if ((box.what >> bit) & 1u)
      for (const ir::Peer& peer : peers) points.emplace_back(ir::PeerPoint{box.kind, bit, peer});
  return points;
}

}  // namespace

std::vector<ir::Point> points_inside(const ir::Box& box) {
  Points points = std::visit([](const auto& one) { return inside(one); }, box);
  // Abstract names are patterns of their own kind. (The paths of a file box lie in it: thousands need not be asked again.)
  if (std::holds_alternative<ir::NetBox>(box)) std::erase_if(points, [&](const ir::Point& point) { return !ir::contains(box, point); });
  return points;
}

}  // namespace polc::eval
