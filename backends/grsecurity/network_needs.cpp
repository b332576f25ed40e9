// What a whole policy asks of the network: the types and protocols of all its rules, and the families it opens.
#include <algorithm>

#include "grsecurity/grants.hpp"
#include "grsecurity/network.hpp"
#include "knowledge/calls.hpp"

namespace polc::grsecurity {
namespace {

/// The words of one box: a connect or bind rule, or a socket() call. Empty: it needs none.
Words words_of(const ir::Box& box, bool any_protocol, bool is_old) {
  if (const auto* net = std::get_if<ir::NetBox>(&box)) {
    if (net->family != Family::inet) return {};
    const bool is_rule = !(net->verbs - NetVerbs{NetVerb::send, NetVerb::receive}).empty();
    // Only UDP's messages are seen, but sending by a named protocol needs a socket of it.
    const bool needs_socket = net->verbs.contains(NetVerb::send) && !any_protocol;
    if (!is_rule && !needs_socket)
      return words_for(net->types & SocketTypes{SocketType::dgram}, net->protocols & udp_protocols(), is_old);
    return words_for(net->types, net->protocols, is_old);
  }
  const auto* call = std::get_if<ir::CallBox>(&box);
  if (!call) return {};
  const auto socket = knowledge::find_call(Os::linux_os, "socket");
  if (!std::binary_search(call->calls.begin(), call->calls.end(), *socket)) return {};
  const CallPart part = sockets_in(call->where);
  return words_for(part.types, part.protocols, is_old);
}

/// `allow send any` brings no socket; it is the one rule that speaks of all families.
bool is_any_protocol(const ir::Rule& rule) {
  return std::any_of(rule.boxes.begin(), rule.boxes.end(), [](const ir::Box& box) {
    const auto* net = std::get_if<ir::NetBox>(&box);
    return net && net->family == Family::other;
  });
}

}  // namespace

Words all_words_of(const ir::Policy& policy, bool is_old) {
  Words all;
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != ir::Effect::allow) continue;
    const bool any_protocol = is_any_protocol(rule);
    for (const ir::Box& box : rule.boxes) {
      const Words words = words_of(box, any_protocol, is_old);
      if (words.empty()) continue;
      all.types |= words.types;
      if (!all.protocols.includes(words.protocols)) all.protocols = all.protocols | words.protocols;
    }
  }
  return words_for(all.types, all.protocols, is_old);
}

bool opens_family(const ir::Policy& policy, Family family) {
  bool found = false;
  for_each_box(policy, ir::Effect::allow, [&](const ir::Box& box) {
    if (const auto* net = std::get_if<ir::NetBox>(&box)) found = net->family == family;
    if (const auto* call = std::get_if<ir::CallBox>(&box)) {
      const auto socket = knowledge::find_call(Os::linux_os, "socket");
      if (std::binary_search(call->calls.begin(), call->calls.end(), *socket)) {
        const CallPart part = sockets_in(call->where);
        found = (family == Family::netlink && part.netlink) || (family == Family::packet && part.packet);
      }
    }
    return !found;
  });
  return found;
}

bool allows_all_inet6(const ir::Policy& policy) {
  bool is_denied = false;
  for_each_box(policy, ir::Effect::deny, [&](const ir::Box& box) {
    const auto* net = std::get_if<ir::NetBox>(&box);
    is_denied = net && net->family == Family::inet6;
    return !is_denied;
  });
  if (is_denied) return false;
  NetVerbs whole;
  for_each_box(policy, ir::Effect::allow, [&](const ir::Box& box) {
    const auto* net = std::get_if<ir::NetBox>(&box);
    if (net && net->family == Family::inet6 && net->types.is_all() && net->protocols.is_all() && net->ip6.is_all() &&
        net->ports.is_all())
      whole = whole | net->verbs;
    return !whole.is_all();
  });
  return whole.is_all();
}

bool family_is_open(const ir::Policy& policy, Family family) {
  const bool all = allows_all_inet6(policy);
  if (family == Family::inet6) return all;
  if (family == Family::netlink || family == Family::packet)
    if (opens_family(policy, family)) return true;
  return all && opens_family(policy, Family::other);
}

}  // namespace polc::grsecurity
