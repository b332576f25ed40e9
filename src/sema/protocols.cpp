#include "sema/protocols.hpp"

#include <algorithm>
#include <array>

#include "diag/catalogue.hpp"
#include "support/check.hpp"

namespace polc::sema {
namespace {

using Numbers = std::vector<std::uint32_t>;

// Numbers are IANA's.
struct ProtocolRow {
  std::string_view name;
  SocketTypes usual;  // without a type
  SocketTypes also;   // only when named
  std::uint32_t inet;
  std::uint32_t inet6;
  bool is_default;  // the kernel's choice of its usual type, so that protocol 0 means it as well
  bool has_ports;
};
constexpr std::array protocol_rows{
    ProtocolRow{"tcp", {SocketType::stream}, {SocketType::raw}, 6, 6, true, true},
    ProtocolRow{"udp", {SocketType::dgram}, {SocketType::raw}, 17, 17, true, true},
    ProtocolRow{"sctp", {SocketType::stream, SocketType::seqpacket}, {SocketType::raw}, 132, 132, false, true},
    ProtocolRow{"icmp", {SocketType::dgram, SocketType::raw}, {}, 1, 58, false, false},
};

SocketType type_named(std::string_view name) {
  const auto found = std::find(socket_type_names.begin(), socket_type_names.end(), name);
  POLC_CHECK(found != socket_type_names.end(), "the grammar knows the socket types");
  return static_cast<SocketType>(found - socket_type_names.begin());
}

}  // namespace

sets::NumberSet numbers_from(const Numbers& numbers) {
  std::vector<sets::Interval<std::uint32_t>> parts;
  for (const std::uint32_t number : numbers) parts.push_back({number, number});
  return sets::NumberSet::from(std::move(parts));
}

sets::NumberSet InternetProtocol::numbers_of(Family family) const { return numbers_from(list_of(family)); }

std::optional<InternetProtocol> protocol_of(const ast::Protocol& protocol, diag::Sink& sink) {
  const auto row = std::find_if(protocol_rows.begin(), protocol_rows.end(),
                                [&](const ProtocolRow& r) { return r.name == protocol.name.text; });
  POLC_CHECK(row != protocol_rows.end(), "the grammar knows the protocols");
  SocketTypes types = row->usual;
  if (protocol.sub) {
    types = {type_named(protocol.sub->text)};
    if (!(row->usual | row->also).includes(types)) {
      sink.add(diag::no_such_socket_type, protocol.sub->range, protocol.name.text, protocol.sub->text);
      return std::nullopt;
    }
  }
  // A raw socket always names its protocol.
  if (row->is_default && types == row->usual) return InternetProtocol{types, {0, row->inet}, {0, row->inet6}, true};
  return InternetProtocol{types, {row->inet}, {row->inet6}, row->has_ports};
}

SocketTypes types_named(const std::optional<ast::Name>& sub) {
  return sub ? SocketTypes{type_named(sub->text)} : SocketTypes::all();
}

std::vector<knowledge::CallPattern> socket_calls(const InternetProtocol& protocol, const Context& in) {
  std::vector<knowledge::CallPattern> calls;
  for (const Family family : {Family::inet, Family::inet6})
    protocol.types.for_each([&](SocketType type) {
      for (const std::uint32_t number : protocol.list_of(family))
        calls.push_back(knowledge::socket_call(in.os(), family, type, number, in.arch(), in.effect == ir::Effect::deny));
    });
  return calls;
}

std::vector<knowledge::CallPattern> socket_calls(Family family, SocketTypes types, const Context& in) {
  std::vector<knowledge::CallPattern> calls;
  types.for_each([&](SocketType type) { calls.push_back(knowledge::socket_call(in.os(), family, type, in.arch(), in.effect == ir::Effect::deny)); });
  return calls;
}

std::vector<knowledge::CallPattern> netlink_socket_calls(const Numbers& protocols, const Context& in) {
  if (protocols.empty()) return socket_calls(Family::netlink, netlink_types, in);
  std::vector<knowledge::CallPattern> calls;
  netlink_types.for_each([&](SocketType type) {
    for (const std::uint32_t number : protocols)
      calls.push_back(knowledge::socket_call(in.os(), Family::netlink, type, number, in.arch(), in.effect == ir::Effect::deny));
  });
  return calls;
}

}  // namespace polc::sema
