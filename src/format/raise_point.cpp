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

enum class Words : std::uint8_t { few, all };

// ` type dir owner self`, with nothing for an ordinary file of an ordinary owner, unless all is to be said.
std::string object_text(FileType type, const ir::Owner& owner, Words words) {
  std::string out;
  if (type != FileType::file || words == Words::all) out += type_text({type});
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

std::string text(Os os, const ir::FilePoint& point, Words words) {
  std::string out = fmt::format("{} {}", name_of(point.verb), quoted_path(point.path));
  if (point.verb == FileVerb::exec) out += successor_text(point.successor);
  out += object_text(point.type, point.owner, words);
  if ((point.verb == FileVerb::create || point.verb == FileVerb::chmod) && (point.mode != 0 || words == Words::all))
    out += " mode " + mode_text(point.mode);
  if (point.verb == FileVerb::ioctl)
    if (const auto name = find_request_name(os, point.request)) out += fmt::format(" request {}", *name);
  return out;
}

std::string text(const ir::PairPoint& point, Words words) {
  return fmt::format("{} {} -> {}{}", name_of(point.verb), quoted_path(point.from), quoted_path(point.to),
                     object_text(point.type, point.owner, words));
}

std::string unix_address_text(const ir::UnixAddress& address) {
  switch (address.kind) {
    case ir::UnixAddress::Kind::path: return ' ' + quoted_path(address.name);
    case ir::UnixAddress::Kind::abstract: return " abstract " + quoted_path(address.name);
    case ir::UnixAddress::Kind::unnamed: return "";
  }
  return "";
}

// An internet point is a box of one member, except that a mapped address is IPv4 to the language, and that the type is
// named where the protocol leaves it open.
std::string internet_text(const ir::NetPoint& point) {
  const bool is_four = point.family == Family::inet || is_mapped(point.ip6);
  std::string word = protocol_words(point.family, {point.type}, sets::NumberSet::of(point.protocol)).front();
  const auto ip4 = point.family == Family::inet ? point.ip4 : static_cast<std::uint32_t>(point.ip6);
  const std::string host = is_four ? address_text(ip4) : address_text(point.ip6);
  const std::string port = has_ports(word) ? fmt::format(":{}", point.port) : "";
  return fmt::format("{} {} {}{}", name_of(point.verb), word, host, port);
}

std::string text(const ir::NetPoint& point) {
  const std::string_view verb = name_of(point.verb), type = name_of(point.type);
  switch (point.family) {
    case Family::inet:
    case Family::inet6: return internet_text(point);
    case Family::unix_family: return fmt::format("{} unix {}{}", verb, type, unix_address_text(point.unix_address));
    case Family::netlink: {
      const auto name = knowledge::find_name(knowledge::netlink_protocols(), point.protocol);
      return fmt::format("{} netlink{}{}", verb, name ? " " : "", name.value_or(""));
    }
    case Family::packet: return fmt::format("{} packet {}", verb, type);
    case Family::other: return fmt::format("{} any", verb);
  }
  return "";
}

std::string text(Os os, const ir::CallPoint& point, Words words) {
  const std::string where = arguments_text(os, point, words == Words::all ? Arguments::all : Arguments::not_zero);
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

std::string text(Os os, const ir::Point& point, Words words) {
  return std::visit(
      Overloaded{[&](const ir::FilePoint& p) { return text(os, p, words); }, [&](const ir::PairPoint& p) { return text(p, words); },
                 [&](const ir::NetPoint& p) { return text(p); }, [&](const ir::CallPoint& p) { return text(os, p, words); },
                 [&](const ir::IdentityPoint& p) { return text(p); },
                 [&](const ir::CapabilityPoint& p) { return text(p); },
                 [&](const ir::PeerPoint& p) { return text(os, p); }},
      point);
}

}  // namespace

bool has_words(const ir::Point& point) {
  const auto* net = std::get_if<ir::NetPoint>(&point);
  const bool has_protocol = net != nullptr && (net->family == Family::inet || net->family == Family::inet6);
  return !has_protocol || has_protocol_word(net->family, net->type, net->protocol);
}

std::string text_of(Os os, const ir::Point& point) { return text(os, point, Words::few); }
std::string full_text_of(Os os, const ir::Point& point) { return text(os, point, Words::all); }

}  // namespace polc::format
