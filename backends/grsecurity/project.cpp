#include "grsecurity/project.hpp"

#include "grsecurity/network.hpp"
#include "knowledge/calls.hpp"
#include "support/overloaded.hpp"

namespace polc::grsecurity {
namespace {

using target::Feature;

ir::NetBox net_box(NetVerbs verbs, Family family) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = family;
  return box;
}

/// Names of sockets that are no paths; an address that is no name at all cannot be told apart in a box and counts as
/// refused.
std::vector<sets::PathPattern> any_abstract_name() {
  const auto patterns = sets::parse_name_pattern({"*", {}});
  return patterns ? *patterns : std::vector<sets::PathPattern>{};
}

void add_unseen_messages(std::vector<ir::Box>& boxes) {
  ir::NetBox other_types = net_box({NetVerb::send, NetVerb::receive}, Family::inet);
  other_types.types.remove(SocketType::dgram);
  boxes.emplace_back(other_types);
  ir::NetBox not_udp = net_box({NetVerb::send, NetVerb::receive}, Family::inet);
  not_udp.types = {SocketType::dgram};
  not_udp.protocols = udp_protocols().complement();
  boxes.emplace_back(std::move(not_udp));
}

void add_unseen_sockets(std::vector<ir::Box>& boxes, bool is_old) {
  boxes.emplace_back(net_box({NetVerb::listen, NetVerb::accept, NetVerb::receive}, Family::unix_family));
  ir::NetBox abstract = net_box(NetVerbs::all(), Family::unix_family);
  abstract.any_unix_address = false;
  abstract.abstracts = any_abstract_name();
  boxes.emplace_back(std::move(abstract));
  add_unseen_messages(boxes);
  if (is_old)
    for (const Family family : {Family::inet6, Family::netlink, Family::packet, Family::other})
      boxes.emplace_back(net_box(NetVerbs::all(), family));
}

void add_unseen_calls(std::vector<ir::Box>& boxes, Os os, bool is_old) {
  ir::CallBox others;
  for (std::uint16_t id = 0; id < knowledge::calls_of(os).size(); ++id)
    if (knowledge::calls_of(os)[id].name != "socket") others.calls.push_back(CallId{id});
  boxes.emplace_back(std::move(others));
  if (!is_old) {
    boxes.emplace_back(socket_box(domain_unix));
    return;
  }
  ir::CallBox not_inet = socket_box(domain_inet);
  not_inet.where.terms.front().test.op = sets::Compare::not_equal;
  boxes.emplace_back(std::move(not_inet));
}

void project_peer(Request& request, const ir::PeerBox& box) {
  // Subject modes k and p protect a process from signals, t and r are about ptrace; none of them names a peer.
  request.lack(box, ir::Verdict::unmediated, box.kind == ir::PeerKind::signal ? Feature::signal : Feature::ptrace);
}

}  // namespace

void Request::add(ir::Box wanted, std::vector<ir::Box> meaning, std::uint16_t form, std::vector<Feature> because) {
  result.pieces.push_back({std::move(wanted), std::move(meaning), form, std::move(because)});
}

target::Projector projector(const ir::Policy& policy, const target::Settings& settings) {
  const bool old = is_old(settings);
  const auto grants = std::make_shared<const Grants>(policy, old);
  return [&policy, grants, old](const ir::Box& box, ir::Effect effect) {
    Request request{effect, policy, *grants, old};
    std::visit(Overloaded{[&](const ir::FileBox& b) { project_file(request, b); },
                          [&](const ir::PairBox& b) { project_pair(request, b); },
                          [&](const ir::NetBox& b) {
                            if (b.family == Family::unix_family) project_unix(request, b);
                            else project_net(request, b);
                          },
                          [&](const ir::CallBox& b) { project_call(request, b); },
                          [&](const ir::IdentityBox& b) { project_identity(request, b); },
                          [&](const ir::CapabilityBox& b) { project_capability(request, b); },
                          [&](const ir::PeerBox& b) { project_peer(request, b); }},
               box);
    return std::move(request.result);
  };
}

target::Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy,
                           const target::Settings& settings) {
  return projector(policy, settings)(box, effect);
}

std::vector<ir::Box> unmediated(const ir::Policy& policy, const target::Settings& settings) {
  const std::vector<sets::PathPattern> all = tree_of("/");
  const std::vector<sets::PathPattern> own = trees_of(subjects_of(policy));
  std::vector<ir::Box> boxes;
  boxes.emplace_back(file_box({FileVerb::lock, FileVerb::ioctl}, all));                // they work on a descriptor
  boxes.emplace_back(file_box({FileVerb::read, FileVerb::exec, FileVerb::map}, own));  // gradm adds it
  add_seen(boxes, own);
  add_unseen_sockets(boxes, is_old(settings));
  add_unseen_calls(boxes, policy.configuration.os, is_old(settings));
  for (const ir::PeerKind kind : {ir::PeerKind::signal, ir::PeerKind::ptrace}) {
    ir::PeerBox peers;
    peers.kind = kind;
    peers.what = ~std::uint64_t{0};
    peers.any_peer = true;
    boxes.emplace_back(std::move(peers));
  }
  return boxes;
}

}  // namespace polc::grsecurity
