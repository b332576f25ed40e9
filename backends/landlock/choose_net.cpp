// Ports and scopes.
#include <algorithm>
#include <map>

#include "landlock/choose.hpp"
#include "target/blame.hpp"

namespace polc::landlock {
namespace {

constexpr std::uint32_t tcp = 6, udp = 17;

// Of a verb on the sockets of one transport: which ports are open somewhere, and on which part's account.
struct PortRight {
  Rights right;
  NetVerbs verbs;
  SocketType type;
  std::uint32_t protocol;
};
constexpr PortRight rights_of_ports[] = {
    {right::bind_tcp, {NetVerb::bind}, SocketType::stream, tcp},
    {right::connect_tcp, {NetVerb::connect}, SocketType::stream, tcp},
    {right::bind_udp, {NetVerb::bind}, SocketType::dgram, udp},
    {right::connect_send_udp, {NetVerb::connect, NetVerb::send}, SocketType::dgram, udp},
};

bool is_of(const ir::NetBox& box, const PortRight& one, Family family) {
  return box.family == family && box.types.contains(one.type) && !(box.verbs & one.verbs).empty() &&
         (box.protocols.contains(one.protocol) || box.protocols.contains(0));
}

bool is_every_address(const ir::NetBox& box) {
  return box.family == Family::inet ? box.ip4.is_all() : box.ip6.is_all();
}

class Ports {
 public:
  Ports(const target::Source& source, Ruleset& rules) : source_(source), rules_(rules) {}

  void choose(const PortRight& one) {
    if ((rules_.handled.net & one.right) == 0) return;
    std::map<std::vector<std::pair<std::uint16_t, std::uint16_t>>, target::Behind> found;
    bool is_free = true;
    for (const Family family : {Family::inet, Family::inet6}) {
      const sets::PortSet closed = closed_to_all(one, family);
      sets::PortSet open;
      for (std::uint32_t i = 0; i < source_.parts.size(); ++i) {
        const auto* box = allowed(i);
        if (box == nullptr || !is_of(*box, one, family)) continue;
        const sets::PortSet ports = box->ports - closed;
        if (is_every_address(*box) && one.verbs == (box->verbs & one.verbs)) open = open | ports;
        std::vector<std::pair<std::uint16_t, std::uint16_t>> key;
        for (const auto& range : ports.intervals()) key.emplace_back(range.low, range.high);
        if (!key.empty())
          found[std::move(key)].add(
              {{i}, target::rules_behind(source_.policy, source_.meaning, source_.parts[i].rules, *box)});
      }
      is_free &= open.is_all();
    }
    if (is_free) rules_.handled.net &= ~one.right;
    else
      for (auto& [ports, behind] : found) add(one.right, ports, std::move(behind));
  }

 private:
  const ir::NetBox* allowed(std::uint32_t part) const {
    return source_.parts[part].effect == ir::Effect::allow ? std::get_if<ir::NetBox>(&source_.parts[part].box)
                                                           : nullptr;
  }

  // A deny of all addresses closes a port; one of some cannot be said.
  sets::PortSet closed_to_all(const PortRight& one, Family family) const {
    sets::PortSet closed;
    for (const eval::Part& part : source_.parts) {
      const auto* box = std::get_if<ir::NetBox>(&part.box);
      if (box == nullptr || part.effect != ir::Effect::deny || !is_of(*box, one, family) || !is_every_address(*box))
        continue;
      const bool takes_all =
          box->protocols.contains(one.protocol) && box->protocols.contains(0) && one.verbs == (box->verbs & one.verbs);
      if (takes_all) closed = closed | box->ports;
    }
    return closed;
  }

  void add(Rights right, const std::vector<std::pair<std::uint16_t, std::uint16_t>>& ports, target::Behind behind) {
    PortRule rule;
    rule.rights = right;
    for (const auto& [low, high] : ports) rule.ports.push_back({low, high});
    rule.behind = std::move(behind);
    rule.behind.sort_unique();
    rules_.ports.push_back(std::move(rule));
  }

  const target::Source& source_;
  Ruleset& rules_;
};

bool reaches_abstract(const ir::NetBox& box) {
  const bool reaches = box.verbs.contains(NetVerb::connect) || box.verbs.contains(NetVerb::send);
  return box.family == Family::unix_family && reaches && (box.any_unix_address || !box.abstracts.empty());
}

bool leaves_domain(const ir::PeerBox& box) {
  const auto is_outside = [](const ir::Peer& peer) {
    return peer.kind == ir::Peer::Kind::policy || peer.kind == ir::Peer::Kind::other;
  };
  return box.kind == ir::PeerKind::signal &&
         (box.any_peer || std::any_of(box.peers.begin(), box.peers.end(), is_outside));
}

void choose_scopes(const target::Source& source, Ruleset& rules) {
  for (std::uint32_t i = 0; i < source.parts.size(); ++i) {
    const auto& [effect, box, of_rules, implied, rank, plane, line] = source.parts[i];
    if (effect != ir::Effect::allow) continue;
    if (const auto* net = std::get_if<ir::NetBox>(&box); net != nullptr && reaches_abstract(*net))
      rules.handled.scoped &= ~right::abstract_unix_socket;
    const auto* peer = std::get_if<ir::PeerBox>(&box);
    if (peer == nullptr || peer->kind != ir::PeerKind::signal) continue;
    if (leaves_domain(*peer)) rules.handled.scoped &= ~right::signal;
    rules.scoped_for.parts.push_back(i);
  }
}

}  // namespace

void choose_net(const target::Source& source, Ruleset& rules) {
  Ports ports(source, rules);
  for (const PortRight& one : rights_of_ports) ports.choose(one);
  choose_scopes(source, rules);
}

}  // namespace polc::landlock
