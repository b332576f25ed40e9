// connect, bind, send ... of peers: one NetBox for each protocol and family. `socket` becomes calls, see protocols.hpp.
#include <algorithm>

#include "diag/catalogue.hpp"
#include "knowledge/names.hpp"
#include "sema/access.hpp"
#include "sema/endpoints.hpp"
#include "sema/paths.hpp"
#include "sema/protocols.hpp"
#include "sema/suggest.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

// An IPv4 address as a socket of IPv6 has it: ::ffff:0:0/96.
constexpr sets::Uint128 mapped = sets::Uint128{0xFFFF} << 32;

// bind, listen and accept name their own end, the others the peer's.
constexpr NetVerbs local_verbs{NetVerb::bind, NetVerb::listen, NetVerb::accept};

class NetLowering {
 public:
  NetLowering(const ast::NetAccess& access, const Context& context, Boxes& boxes)
      : access_(access), context_(context), boxes_(boxes) {}

  void run() {
    for (const ast::Name& name : access_.verbs) {
      const auto found = std::find(net_verb_names.begin(), net_verb_names.end(), name.text);
      if (name.text == "any") verbs_ = NetVerbs::all();
      if (found == net_verb_names.end()) socket_ = &name;  // `socket`, or `any`, which has it too
      else verbs_.insert(static_cast<NetVerb>(found - net_verb_names.begin()));
    }
    std::visit([&](const auto& peer) { lower_peer(peer); }, access_.peer);
  }

 private:
  diag::Sink& sink() const { return context_.sink; }

  // An endpoint would be at once the own address and the peer's, or belong to `socket`, which has none.
  void check_endpoint(diag::SourceRange range) const {
    if (socket_ != nullptr && socket_->text == "socket")
      sink().add(diag::endpoint_of_socket, range).note(socket_->range, "`socket` only creates one");
    if (!(verbs_ & local_verbs).empty() && !(verbs_ - local_verbs).empty())
      sink().add(diag::endpoint_of_both_ends, range);
  }

  void lower_peer(const ast::InternetPeer& peer) {
    if (!peer.endpoints.empty()) check_endpoint(joined(peer.endpoints.front().range, peer.endpoints.back().range));
    const Endpoints endpoints = endpoints_of(peer, context_);
    for (const ast::Protocol& name : peer.protocols) {
      const auto protocol = protocol_of(name, sink());
      if (!protocol) continue;
      if (!protocol->has_ports)
        for (const auto& range : endpoints.ports_at) sink().add(diag::ports_of_icmp, range, name.name.text);
      if (socket_ != nullptr) add_socket(socket_calls(*protocol, context_), "inet");
      for (const Addresses& addresses : endpoints.addresses) add_internet(*protocol, addresses, peer, endpoints);
    }
  }

  void add_internet(const InternetProtocol& protocol, const Addresses& addresses, const ast::InternetPeer& peer,
                    const Endpoints& endpoints) {
    ir::NetBox box;
    box.family = addresses.family;
    box.types = protocol.types;
    box.protocols = protocol.numbers_of(addresses.family);
    box.ip4 = addresses.ip4;
    box.ip6 = addresses.ip6;
    box.ports = addresses.ports;
    ir::LeftOut left_out;
    left_out.address = peer.endpoints.empty();
    left_out.port =
        protocol.has_ports && (peer.endpoints.empty() || (endpoints.without_ports && addresses.ports.is_all()));
    add(std::move(box), left_out);
  }

  void lower_peer(const ast::UnixPeer& peer) {
    ir::NetBox box;
    box.family = Family::unix_family;
    box.types = types_named(peer.sub);
    box.any_unix_address = peer.paths.empty() && !peer.abstract;
    if (!box.any_unix_address) check_endpoint(endpoint_range(peer));
    for (const ast::Path& path : peer.paths) add_patterns(path, false, context_, box.paths);
    sets::sort_unique(box.paths);
    if (peer.abstract) box.abstracts = abstract_names_of(*peer.abstract, context_);
    if (socket_ != nullptr) add_socket(socket_calls(Family::unix_family, box.types, context_), "unix");
    ir::LeftOut left_out;
    left_out.address = box.any_unix_address;
    add(std::move(box), left_out);
  }

  static diag::SourceRange endpoint_range(const ast::UnixPeer& peer) {
    if (peer.abstract) return peer.abstract->range;
    return joined(ast::range_of(peer.paths.front()), ast::range_of(peer.paths.back()));
  }

  void lower_peer(const ast::NetlinkPeer& peer) {
    ir::NetBox box;
    box.family = Family::netlink;
    box.types = netlink_types;
    std::vector<std::uint32_t> numbers;
    for (const ast::Name& name : peer.protocols) {
      if (const auto number = knowledge::find_netlink_protocol(name.text))
        numbers.push_back(static_cast<std::uint32_t>(*number));
      else
        suggest(sink().add(diag::unknown_netlink_protocol, name.range, name.text), name.range,
                nearest_of(name.text, knowledge::netlink_protocols(), sink()));
    }
    if (!peer.protocols.empty()) box.protocols = numbers_from(numbers);
    if (socket_ != nullptr) add_socket(netlink_socket_calls(numbers, context_), "netlink");
    add(std::move(box), {});
  }

  void lower_peer(const ast::PacketPeer& peer) {
    ir::NetBox box;
    box.family = Family::packet;
    box.types = types_named(peer.sub);
    if (socket_ != nullptr) add_socket(socket_calls(Family::packet, box.types, context_), "packet");
    add(std::move(box), {});
  }

  void lower_peer(const ast::NumberedPeer& peer) {
    ir::NetBox box;
    box.types = types_named(peer.type);
    box.protocols = sets::NumberSet::of(static_cast<std::uint32_t>(peer.protocol.value));
    if (peer.family.text == name_of(Family::netlink)) {
      box.family = Family::netlink;
      return add(std::move(box), {});
    }
    const Endpoints endpoints = endpoints_of(peer.endpoint, context_);
    ir::LeftOut left_out;
    left_out.address = peer.endpoint.endpoints.empty();
    for (const Addresses& addresses : endpoints.addresses) {
      const bool is_mapped = addresses.family == Family::inet && peer.family.text == name_of(Family::inet6);
      if (name_of(addresses.family) != peer.family.text && !is_mapped) continue;
      box.family = is_mapped ? Family::inet6 : addresses.family;
      box.ip4 = addresses.ip4, box.ports = addresses.ports;
      box.ip6 = is_mapped ? sets::Ip6Set::range(mapped | addresses.ip4.intervals().front().low, mapped | addresses.ip4.intervals().back().high)
                          : addresses.ip6;
      left_out.port = left_out.address || (endpoints.without_ports && addresses.ports.is_all());
      add(box, left_out);
    }
  }

  void lower_peer(const ast::FamilyPeer& peer) {
    const bool is_any = peer.family.text == "any";
    const SocketTypes types = types_named(peer.sub);
    const auto calls_of = [&](Family family) { return socket_calls(family, types, context_); };
    if (socket_ != nullptr && is_any && !peer.sub) add_socket({knowledge::socket_call(context_.os(), context_.arch())}, "any");
    for (unsigned i = 0; i < count_of(Family{}); ++i) {
      ir::NetBox box;
      box.family = static_cast<Family>(i);
      if (!is_any && name_of(box.family) != peer.family.text) continue;
      box.types = types;
      if (is_any && peer.sub && box.family == Family::netlink) box.types = types & netlink_types;
      if (socket_ != nullptr && (!is_any || peer.sub)) add_socket(calls_of(box.family), name_of(box.family));
      ir::LeftOut left_out;
      left_out.address = left_out.port = true;
      if (!box.types.empty()) add(std::move(box), left_out);
    }
  }

  // socket() itself, and what else brings such a socket or makes one.
  void add_socket(std::vector<knowledge::CallPattern> calls, std::string_view family) {
    const auto more = knowledge::patterns_of(knowledge::find_rows(context_.os(), relation_of(context_.effect), "socket", family),
                                             context_.os(), context_.arch(), {});
    calls.insert(calls.end(), more.begin(), more.end());
    add_calls(calls, boxes_);
  }

  void add(ir::NetBox box, const ir::LeftOut& left_out) {
    if (verbs_.empty()) return;
    box.verbs = verbs_;
    boxes_.emplace_back(std::move(box), left_out);
  }

  const ast::NetAccess& access_;
  const Context& context_;
  Boxes& boxes_;
  NetVerbs verbs_;
  const ast::Name* socket_ = nullptr;  // the verb, if it is there
};

}  // namespace

void lower(const ast::NetAccess& access, const Context& context, Boxes& boxes) {
  NetLowering(access, context, boxes).run();
}

}  // namespace polc::sema
