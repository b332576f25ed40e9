// Network rules: connect and bind lines for IPv4, whole families for the rest, and the sockets that both open.
#include <algorithm>

#include "grsecurity/grants.hpp"
#include "grsecurity/network.hpp"
#include "grsecurity/project.hpp"
#include "knowledge/calls.hpp"

namespace polc::grsecurity {
namespace {

using ir::Verdict;
using target::Feature;

constexpr NetVerbs bind_verbs{NetVerb::bind, NetVerb::listen, NetVerb::accept};

/// socket() is checked against the union of all types and, apart from it, the union of all protocols: a rule opens its
/// types with everybody's protocols and its protocols with everybody's types.
void add_sockets(std::vector<ir::Box>& boxes, const Request& request, const Words& own) {
  const Words& all = request.grants.all_words();
  boxes.emplace_back(socket_box(Words{own.types, all.protocols}));
  if (all.types != own.types) boxes.emplace_back(socket_box(Words{all.types, own.protocols}));
}

/// What one line governs, without sockets.
std::vector<ir::Box> governed_by(const ir::NetBox& box, const Words& words, Construct line) {
  ir::NetBox governed = box;
  governed.verbs = line == Construct::bind_rule ? bind_verbs : NetVerbs{NetVerb::connect};
  governed.types = socket_types_of(words.types);
  governed.protocols = words.protocols;
  std::vector<ir::Box> boxes{governed};
  ir::NetBox messages = governed;
  messages.verbs = {NetVerb::send, NetVerb::receive};
  messages.types = governed.types & SocketTypes{SocketType::dgram};
  messages.protocols = governed.protocols & udp_protocols();
  if (line == Construct::connect_rule && !messages.types.empty() && !messages.protocols.empty())
    boxes.emplace_back(std::move(messages));
  return boxes;
}

Feature feature_of_verb(NetVerb verb) {
  switch (verb) {
    case NetVerb::connect: return Feature::net_connect;
    case NetVerb::bind: return Feature::net_bind;
    case NetVerb::listen: return Feature::net_listen;
    case NetVerb::accept: return Feature::net_accept;
    case NetVerb::send: return Feature::net_send;
    case NetVerb::receive: return Feature::net_receive;
  }
  return Feature::net_connect;
}

bool is_empty(const ir::NetBox& box) {
  return box.types.empty() || box.protocols.empty() || box.ip4.empty() || box.ports.empty();
}

void project_line(Request& request, const ir::NetBox& box, NetVerb verb, Construct line) {
  if (is_empty(box)) return;
  const Words words = words_for(box.types, box.protocols, request.is_old);
  std::vector<ir::Box> meaning = governed_by(box, words, line);
  if (request.is_allow()) add_sockets(meaning, request, words);
  std::vector<Feature> because;
  const bool says_more = socket_types_of(words.types) != box.types || words.protocols != box.protocols;
  if (says_more) because.push_back(Feature::net_protocol);
  // bind lines say listen and accept too; the how-to's readers ask about those first.
  because.push_back(verb == NetVerb::bind      ? Feature::net_listen
                    : verb == NetVerb::connect ? Feature::net_protocol
                                               : feature_of_verb(verb));
  request.add(box, std::move(meaning), form_of(line), std::move(because));
}

/// Only UDP's messages are checked, by the connect lines.
void project_messages(Request& request, const ir::NetBox& box, NetVerb verb) {
  ir::NetBox udp = box;
  udp.types = box.types & SocketTypes{SocketType::dgram};
  udp.protocols = box.protocols & udp_protocols();
  project_line(request, udp, verb, Construct::connect_rule);
  ir::NetBox streams = box;
  streams.types.remove(SocketType::dgram);
  ir::NetBox not_udp = box;
  not_udp.types = udp.types;
  not_udp.protocols = box.protocols - udp_protocols();
  for (ir::NetBox* rest : {&streams, &not_udp}) {
    if (is_empty(*rest)) continue;
    if (request.is_allow() && verb == NetVerb::send && !box.protocols.is_all()) {
      std::vector<ir::Box> meaning{*rest};
      add_sockets(meaning, request, words_for(rest->types, rest->protocols, request.is_old));
      request.add(*rest, std::move(meaning), form_of(Construct::socket_words), {Feature::socket_creation});
    }
    request.lack(*rest, Verdict::unmediated, feature_of_verb(verb));
  }
}

Feature feature_of_family(Family family) {
  switch (family) {
    case Family::inet: return Feature::address_inet;
    case Family::inet6: return Feature::address_inet6;
    case Family::unix_family: return Feature::address_unix;
    case Family::netlink: return Feature::family_netlink;
    case Family::packet: return Feature::family_packet;
    case Family::other: return Feature::family_other;
  }
  return Feature::family_other;
}

ir::NetBox whole_family(Family family) {
  ir::NetBox box;
  box.verbs = NetVerbs::all();
  box.family = family;
  return box;
}

ir::CallBox sockets_of(Family family) {
  switch (family) {
    case Family::inet6: return socket_box(domain_inet6);
    case Family::netlink: return socket_box(domain_netlink);
    case Family::packet: return socket_box(domain_packet);
    case Family::inet:
    case Family::unix_family:
    case Family::other: break;
  }
  ir::CallBox others = socket_box(domain_inet);
  others.where.terms.front().test.op = sets::Compare::not_equal;
  return others;
}

std::vector<ir::Box> opened_by(Family family) {
  std::vector<ir::Box> boxes{whole_family(family), sockets_of(family)};
  if (family == Family::other)  // only `all` has a word for them
    for (const Family more : {Family::inet6, Family::netlink, Family::packet}) boxes.emplace_back(whole_family(more));
  return boxes;
}

void project_family(Request& request, ir::Box box, Family family) {
  const Feature because = feature_of_family(family);
  const bool is_open = !request.is_old && request.grants.opens(family);
  if (request.is_old || (!request.is_allow() && is_open))
    return request.lack(std::move(box), Verdict::unmediated, because);
  if (!request.is_allow()) return request.add(box, {box}, form_of(Construct::nothing), {});
  if (!is_open) return request.lack(std::move(box), Verdict::narrower, because);
  request.add(std::move(box), opened_by(family), form_of(Construct::family, static_cast<Letters>(family)), {because});
}

/// The condition and a domain: all tests hold.
ir::CallBox within(const ir::CallBox& box, std::uint32_t domain) {
  ir::CallBox part = socket_box(domain);
  part.where.terms.push_back(box.where);
  return part;
}

ir::CallBox within_others(const ir::CallBox& box) {
  ir::CallBox part = socket_box(domain_unix);
  for (const std::uint32_t domain : {domain_inet, domain_inet6, domain_netlink, domain_packet})
    part.where.terms.push_back(socket_box(domain).where.terms.front());
  for (ir::Condition& term : part.where.terms) term.test.op = sets::Compare::not_equal;
  part.where.terms.push_back(box.where);
  return part;
}

void project_socket(Request& request, const ir::CallBox& box) {
  // The union of types and protocols belongs to the addresses' rules; there is no line that takes a socket away.
  if (!request.is_allow()) return request.lack(box, Verdict::unmediated, Feature::socket_creation);
  const CallPart part = sockets_in(box.where);
  if (part.inside_unix) request.lack(within(box, domain_unix), Verdict::unmediated, Feature::socket_creation);
  if (part.types != 0) {
    ir::CallBox inet = within(box, domain_inet);
    std::vector<ir::Box> meaning;
    add_sockets(meaning, request, words_for(part.types, part.protocols, request.is_old));
    request.add(std::move(inet), std::move(meaning), form_of(Construct::socket_words), {Feature::socket_creation});
  }
  if (part.inet6) project_family(request, within(box, domain_inet6), Family::inet6);
  if (part.netlink) project_family(request, within(box, domain_netlink), Family::netlink);
  if (part.packet) project_family(request, within(box, domain_packet), Family::packet);
  if (part.other) project_family(request, within_others(box), Family::other);
}

}  // namespace

void project_net(Request& request, const ir::NetBox& box) {
  if (box.family != Family::inet) return project_family(request, box, box.family);
  box.verbs.for_each([&](NetVerb verb) {
    ir::NetBox one = box;
    one.verbs = {verb};
    if (verb == NetVerb::send || verb == NetVerb::receive) project_messages(request, one, verb);
    else project_line(request, one, verb, bind_verbs.contains(verb) ? Construct::bind_rule : Construct::connect_rule);
  });
}

void project_call(Request& request, const ir::CallBox& box) {
  const auto socket = knowledge::find_call(request.policy.configuration.os, "socket");
  ir::CallBox others = box;
  std::erase_if(others.calls, [&](CallId id) { return socket && id == *socket; });
  if (!others.calls.empty()) request.lack(others, Verdict::unmediated, Feature::call);
  if (others.calls.size() == box.calls.size()) return;
  ir::CallBox only = box;
  only.calls = {*socket};
  project_socket(request, only);
}

}  // namespace polc::grsecurity
