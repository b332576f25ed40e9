// merge_process: `capability kill; capability chown;` is one rule, and so are accounts of one kind and peers of one signal.
// A capability box is a set of numbers and an identity box a union of numbers and accounts: both unite freely. Peer boxes
// are products of what and whom: only those with the same peers unite.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>

#include "opt/passes.hpp"

namespace polc::opt {
namespace {

// What must be equal in two boxes for their union to be a box.
using Group = std::tuple<ir::Effect, bool, std::size_t, int, bool, std::vector<ir::Peer>>;

std::optional<Group> group_of(const eval::Part& part) {
  const auto group = [&](int kind, bool any, std::vector<ir::Peer> peers) {
    return Group{part.effect, part.implied, part.box.index(), kind, any, std::move(peers)};
  };
  if (std::holds_alternative<ir::CapabilityBox>(part.box)) return group(0, false, {});
  // Every account is no account more: what a target can say of the others stays beside it.
  if (const auto* identity = std::get_if<ir::IdentityBox>(&part.box))
    return group(static_cast<int>(identity->kind), identity->ids.is_all(), {});
  if (const auto* peer = std::get_if<ir::PeerBox>(&part.box))
    return group(static_cast<int>(peer->kind), peer->any_peer, peer->peers);
  return std::nullopt;
}

void unite(ir::Box& into, const ir::Box& from) {
  if (auto* capability = std::get_if<ir::CapabilityBox>(&into))
    capability->capabilities |= std::get<ir::CapabilityBox>(from).capabilities;
  if (auto* peer = std::get_if<ir::PeerBox>(&into)) peer->what |= std::get<ir::PeerBox>(from).what;
  if (auto* identity = std::get_if<ir::IdentityBox>(&into)) {
    const auto& more = std::get<ir::IdentityBox>(from);
    identity->ids = identity->ids | more.ids;
    auto& accounts = identity->accounts;
    accounts.insert(accounts.end(), more.accounts.begin(), more.accounts.end());
    std::sort(accounts.begin(), accounts.end());
    accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  }
}

}  // namespace

Parts merge_process(Parts parts) {
  std::map<Group, std::size_t> first;
  Parts result;
  for (eval::Part& part : parts) {
    const auto group = group_of(part);
    const auto place = group ? first.find(*group) : first.end();
    if (place == first.end()) {
      if (group) first.emplace(*group, result.size());
      result.push_back(std::move(part));
      continue;
    }
    eval::Part& into = result[place->second];
    unite(into.box, part.box);
    into.rules.insert(into.rules.end(), part.rules.begin(), part.rules.end());
    std::sort(into.rules.begin(), into.rules.end());
    into.rules.erase(std::unique(into.rules.begin(), into.rules.end()), into.rules.end());
  }
  return result;
}

}  // namespace polc::opt
