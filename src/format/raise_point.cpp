#include <fmt/format.h>

#include "format/accesses.hpp"
#include "format/condition.hpp"
#include "format/net_words.hpp"
#include "format/raise.hpp"
#include "format/words.hpp"
#include "knowledge/calls.hpp"
#include "support/overloaded.hpp"

namespace polc::format {
namespace {

// ` type dir owner self`, with nothing for an ordinary file of an ordinary owner, unless all is to be said.
std::string object_text(FileType type, const ir::Owner& owner, Spelled spelled) {
  std::string out;
  if (type != FileType::file || spelled.type) out += type_text({type});
  if (owner.self) return out + " owner self";
  if (!owner.name.empty()) out += " owner " + quoted(owner.name);
  return out;
}

std::string successor_text(const ir::Successor& successor) {
  switch (successor.kind) {
    case ir::Successor::Kind::same: return "";
    case ir::Successor::Kind::unconfined: return " -> unconfined";
    case ir::Successor::Kind::policy: return " -> " + successor.policy;
  }
  return "";
}

std::string text(Os os, const ir::FilePoint& point, Spelled spelled) {
  std::string out = fmt::format("{} {}", name_of(point.verb), quoted_path(point.path));
  if (point.verb == FileVerb::exec) out += successor_text(point.successor);
  out += object_text(point.type, point.owner, spelled);
  if ((point.verb == FileVerb::create || point.verb == FileVerb::chmod) && (point.mode != 0 || spelled.mode))
    out += " mode " + mode_text(point.mode);
  if (point.verb == FileVerb::ioctl)
    if (const auto name = find_request_name(os, point.request)) out += fmt::format(" request {}", *name);
  return out;
}

std::string text(const ir::PairPoint& point, Spelled spelled) {
  return fmt::format("{} {} -> {}{}", name_of(point.verb), quoted_path(point.from), quoted_path(point.to),
                     object_text(point.type, point.owner, spelled));
}

std::string unix_address_text(const ir::UnixAddress& address) {
  switch (address.kind) {
    case ir::UnixAddress::Kind::path: return ' ' + quoted_path(address.name);
    case ir::UnixAddress::Kind::abstract: return " abstract " + quoted_path(address.name);
    case ir::UnixAddress::Kind::unnamed: return "";
  }
  return "";
}

// A socket by numbers: what there are no other words for, and nothing else.
std::string numbered_text(const ir::NetPoint& point, std::string_view family, std::string_view endpoint) {
  return fmt::format("{} {} {} protocol {}{}{}", name_of(point.verb), family, name_of(point.type), point.protocol, endpoint.empty() ? "" : " ", endpoint);
}

// An internet point is a box of one member, except that a mapped address is IPv4 to the language, and that the type is
// named where the protocol leaves it open.
std::string internet_text(const ir::NetPoint& point, Spelled spelled) {
  const bool is_four = point.family == Family::inet || is_mapped(point.ip6);
  const auto ip4 = point.family == Family::inet ? point.ip4 : static_cast<std::uint32_t>(point.ip6);
  const std::string host = is_four ? address_text(ip4) : address_text(point.ip6);
  if (spelled.numbers) return numbered_text(point, point.family == Family::inet ? "inet" : "inet6", fmt::format("{}:{}", host, point.port));
  const std::string word = protocol_words(point.family, {point.type}, sets::NumberSet::of(point.protocol)).front();
  const std::string port = has_ports(word) ? fmt::format(":{}", point.port) : "";
  return fmt::format("{} {} {}{}", name_of(point.verb), word, host, port);
}

std::string text(const ir::NetPoint& point, Spelled spelled) {
  const std::string_view verb = name_of(point.verb), type = name_of(point.type);
  switch (point.family) {
    case Family::inet:
    case Family::inet6: return internet_text(point, spelled);
    case Family::unix_family: return fmt::format("{} unix {}{}", verb, type, unix_address_text(point.unix_address));
    case Family::netlink: {
      if (spelled.numbers) return numbered_text(point, "netlink", "");
      const auto name = knowledge::find_name(knowledge::netlink_protocols(), point.protocol);
      return fmt::format("{} netlink{}{}", verb, name ? " " : "", name.value_or(""));
    }
    case Family::packet: return fmt::format("{} packet {}", verb, type);
    case Family::other: return fmt::format("{} any", verb);
  }
  return "";
}

std::string text(Os os, const ir::CallPoint& point, Spelled spelled) {
  const std::string where = arguments_text(os, point, spelled.zeros);
  return fmt::format("syscall {}{}{}", knowledge::call_of(os, point.call).name, where.empty() ? "" : " where ", where);
}

std::string text(const ir::IdentityPoint& point) {
  return fmt::format("{} {}", point.kind == ir::IdentityKind::user ? "setuid" : "setgid",
                     account_text(point.kind, point.account));
}

std::string text(const ir::CapabilityPoint& point) {
  return fmt::format("capability {}", knowledge::find_name(knowledge::capabilities(), point.capability).value_or("any"));
}

std::string peer_text(const ir::Peer& peer) {
  switch (peer.kind) {
    case ir::Peer::Kind::self: return "self";
    case ir::Peer::Kind::children: return "children";
    case ir::Peer::Kind::policy: return peer.policy;
    case ir::Peer::Kind::other: return "any";  // some process that no policy governs has no word of its own
  }
  return "";
}

std::string text(Os os, const ir::PeerPoint& point) {
  const std::string peer = peer_text(point.peer);
  if (point.kind == ir::PeerKind::ptrace)
    return fmt::format("ptrace {} to {}", point.what == 0 ? "read" : "trace", peer);
  return fmt::format("signal {} to {}", knowledge::find_name(knowledge::signals_of(os), point.what).value_or("any"), peer);
}

std::string text(Os os, const ir::Point& point, Spelled spelled) {
  return std::visit(
      Overloaded{[&](const ir::FilePoint& p) { return text(os, p, spelled); }, [&](const ir::PairPoint& p) { return text(p, spelled); },
                 [&](const ir::NetPoint& p) { return text(p, spelled); }, [&](const ir::CallPoint& p) { return text(os, p, spelled); },
                 [&](const ir::IdentityPoint& p) { return text(p); },
                 [&](const ir::CapabilityPoint& p) { return text(p); },
                 [&](const ir::PeerPoint& p) { return text(os, p); }},
      point);
}

}  // namespace

bool has_words(const ir::Point& point) {
  if (const auto* peer = std::get_if<ir::PeerPoint>(&point))
    return peer->kind != ir::PeerKind::signal || knowledge::find_name(knowledge::signals_of(Os::linux_os), peer->what).has_value();
  const auto* net = std::get_if<ir::NetPoint>(&point);
  if (net == nullptr) return true;
  if (net->family == Family::unix_family) return net->unix_address.kind != ir::UnixAddress::Kind::unnamed;
  if (net->family == Family::inet6 && is_mapped(net->ip6)) return false;  // IPv4's words are IPv4's
  if (net->family == Family::netlink)
    return (net->type == SocketType::dgram || net->type == SocketType::raw) && knowledge::find_name(knowledge::netlink_protocols(), net->protocol);
  return (net->family != Family::inet && net->family != Family::inet6) || has_protocol_word(net->family, net->type, net->protocol);
}

std::string text_of(Os os, const ir::Point& point) { return text(os, point, {}); }
std::string text_of(Os os, const ir::Point& point, Spelled spelled) { return text(os, point, spelled); }
std::string full_text_of(Os os, const ir::Point& point) { return text(os, point, {true, true, !has_words(point), 0x3F}); }

}  // namespace polc::format
