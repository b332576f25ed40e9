#include "draw.hpp"

#include "eval/inside.hpp"
#include "probes.hpp"

namespace polc::property {
namespace {

// Each end of each range, and what lies beside it.
template <class Number>
void add_ends(const sets::IntervalSet<Number>& set, std::vector<Number>& out) {
  for (const auto& [low, high] : set.intervals())
    for (const Number end : {low, high})
      for (const int step : {-1, 0, 1}) out.push_back(static_cast<Number>(end + static_cast<Number>(step)));
}

}  // namespace

Drawer::Drawer(std::span<const eval::Meaning* const> sets, std::uint64_t seed) : random_(seed) {
  for (const eval::Meaning* set : sets)
    for (const eval::Part& part : set->parts()) std::visit([&](const auto& box) { collect(box); }, part.box);
}

void Drawer::collect(const std::vector<sets::PathPattern>& places) {
  for (const auto& place : places)
    for (std::string& path : paths_around(place))
      if (known_paths_.insert(path).second) paths_.push_back(std::move(path));
}

void Drawer::collect(const ir::OwnerSet& owners) {
  for (const auto& name : owners.names) owners_.push_back({false, name});
}

void Drawer::collect(const ir::FileBox& box) {
  collect(box.places);
  collect(box.owners);
  modes_.push_back(box.mode);
  add_ends(box.requests, requests_);
  successors_.insert(successors_.end(), box.successors.begin(), box.successors.end());
}

void Drawer::collect(const ir::PairBox& box) {
  collect(box.from);
  collect(box.to);
  collect(box.owners);
}

void Drawer::collect(const ir::NetBox& box) {
  add_ends(box.protocols, protocols_);
  add_ends(box.ip4, ip4_);
  add_ends(box.ip6, ip6_);
  add_ends(box.ports, ports_);
  for (const ir::Point& point : eval::points_inside(box)) unix_.push_back(std::get<ir::NetPoint>(point).unix_address);
}

void Drawer::collect(const ir::Condition& condition) {
  if (condition.kind == ir::Condition::Kind::test)
    for (const std::uint64_t value : {condition.test.value, condition.test.value - 1, condition.test.value + 1, ~condition.test.mask,
                                      condition.test.value ^ (std::uint64_t{1} << 32)})
      values_.push_back(value);
  for (const auto& term : condition.terms) collect(term);
}

void Drawer::collect(const ir::CallBox& box) {
  calls_.insert(calls_.end(), box.calls.begin(), box.calls.end());
  collect(box.where);
}

void Drawer::collect(const ir::IdentityBox& box) {
  for (const auto& account : box.accounts) accounts_.insert(accounts_.end(), {account, {"", true, account.id}, {account.name + "x", false, 0}});
  std::vector<std::uint32_t> ids;
  add_ends(box.ids, ids);
  for (const std::uint32_t id : ids) accounts_.push_back({"", true, id});
}

void Drawer::collect(const ir::PeerBox& box) { peers_.insert(peers_.end(), box.peers.begin(), box.peers.end()); }

ir::FilePoint Drawer::file() {
  for (;;) {
    const auto verb = static_cast<FileVerb>(below(count_of(FileVerb{})));
    if (verb == FileVerb::rename || verb == FileVerb::link) continue;
    return {verb, one_of(paths_), static_cast<FileType>(below(count_of(FileType{}))), one_of(owners_), one_of(modes_), one_of(requests_), one_of(successors_)};
  }
}

ir::PairPoint Drawer::pair() {
  const FileVerb verb = below(2) == 0 ? FileVerb::rename : FileVerb::link;
  return {verb, one_of(paths_), one_of(paths_), static_cast<FileType>(below(count_of(FileType{}))), one_of(owners_)};
}

ir::NetPoint Drawer::net() {
  ir::NetPoint point;
  point.verb = static_cast<NetVerb>(below(count_of(NetVerb{})));
  point.family = static_cast<Family>(below(count_of(Family{})));
  point.type = static_cast<SocketType>(below(count_of(SocketType{})));
  point.protocol = one_of(protocols_);
  if (point.family == Family::inet) point.ip4 = one_of(ip4_);
  if (point.family == Family::inet6) point.ip6 = one_of(ip6_);
  if (point.family == Family::inet || point.family == Family::inet6) point.port = one_of(ports_);
  if (point.family == Family::unix_family) point.unix_address = one_of(unix_);
  return point;
}

ir::CallPoint Drawer::call() {
  ir::CallPoint point{one_of(calls_), {}};
  for (auto& argument : point.arguments) argument = below(3) == 0 ? random_() : one_of(values_);
  return point;
}

ir::Point Drawer::draw() {
  const std::size_t kind = below(100);
  if (kind < 40) return file();
  if (kind < 48) return pair();
  if (kind < 68) return net();
  if (kind < 90) return call();
  if (kind < 94) return ir::IdentityPoint{below(2) == 0 ? ir::IdentityKind::user : ir::IdentityKind::group, one_of(accounts_)};
  if (kind < 97) return ir::CapabilityPoint{static_cast<std::uint8_t>(below(41))};
  if (kind == 97) return ir::PeerPoint{ir::PeerKind::ptrace, static_cast<std::uint8_t>(below(2)), one_of(peers_)};
  return ir::PeerPoint{ir::PeerKind::signal, static_cast<std::uint8_t>(1 + below(31)), one_of(peers_)};
}

}  // namespace polc::property
