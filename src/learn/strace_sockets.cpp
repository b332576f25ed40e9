// Calls on sockets. strace shows the address of each; what kind of socket it is, the call that made it has said.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "format/words.hpp"
#include "knowledge/names.hpp"
#include "learn/strace_state.hpp"

namespace polc::learn {
namespace {

constexpr std::string_view flags_of_types = "SOCK_CLOEXEC | SOCK_NONBLOCK";

std::string_view without_flags(std::string_view type) { return type.substr(0, type.find('|')); }

/// `tcp`, `udp` ...; empty: the language has no word for it.
std::string_view protocol_word(const TracedSocket& socket) {
  const bool is_any = socket.protocol == "IPPROTO_IP" || socket.protocol == "0" || socket.protocol.empty();
  if (socket.domain != "AF_INET" && socket.domain != "AF_INET6") return "";
  if (socket.protocol == "IPPROTO_SCTP") return "sctp";
  if (socket.protocol == "IPPROTO_ICMP" || socket.protocol == "IPPROTO_ICMPV6") return "icmp";
  if (socket.type == "SOCK_STREAM" && (is_any || socket.protocol == "IPPROTO_TCP")) return "tcp";
  if (socket.type == "SOCK_DGRAM" && (is_any || socket.protocol == "IPPROTO_UDP")) return "udp";
  return "";
}

std::string_view unix_type(const TracedSocket& socket) {
  return socket.type == "SOCK_STREAM" ? "stream" : socket.type == "SOCK_DGRAM" ? "dgram" : socket.type == "SOCK_SEQPACKET" ? "seqpacket" : "";
}

// The call that made it, as a rule would have it. `protocol` of tcp and udp is what libraries write: 0 or the protocol itself.
std::string making_of(const TracedSocket& socket) {
  const std::string_view word = protocol_word(socket);
  std::string protocol = socket.protocol.empty() || socket.protocol == "IPPROTO_IP" ? "0" : socket.protocol;
  if (protocol.starts_with("NETLINK_")) protocol = std::to_string(knowledge::find_constant(Os::linux_os, protocol).value_or(0));
  const std::string condition = word == "tcp" ? "in { 0, 6 }" : word == "udp" ? "in { 0, 17 }" : "== " + protocol;
  return fmt::format("syscall socket where domain == {} and type & ~({}) == {} and protocol {}", socket.domain, flags_of_types, socket.type, condition);
}

struct Address {
  std::string family, host, port;  // of IP
  std::string path = {};           // unix
  bool is_abstract = false;
};

std::string between(std::string_view text, std::string_view begin, char end) {
  const std::size_t at = text.find(begin);
  if (at == text.npos) return "";
  const std::size_t from = at + begin.size(), to = text.find(end, from);
  return std::string(text.substr(from, to == text.npos ? to : to - from));
}

std::optional<Address> address_of(std::string_view text) {
  const std::string_view family = named(field_in(text, "sa_family"));
  if (family == "AF_INET") return Address{"AF_INET", between(text, "inet_addr(\"", '"'), between(text, "sin_port=htons(", ')').empty() ? between(text, "htons(", ')') : between(text, "sin_port=htons(", ')')};
  if (family == "AF_INET6") return Address{"AF_INET6", between(text, "inet_pton(AF_INET6, \"", '"'), between(text, "htons(", ')')};
  if (family != "AF_UNIX") return std::nullopt;
  std::string_view path = field_in(text, "sun_path");
  Address address{"AF_UNIX", "", ""};
  address.is_abstract = path.starts_with('@');
  if (address.is_abstract) path.remove_prefix(1);
  const auto bytes = string_of(path);
  if (!bytes || bytes->empty()) return std::nullopt;
  address.path = *bytes;
  return address;
}

/// `tcp 127.0.0.1:80`, `unix stream "/run/x"`: what stands behind the verb. Empty: the language has no word for it.
std::string endpoint_of(const TracedCall& call, const TracedSocket& socket, const Address& address) {
  if (address.family == "AF_UNIX") {
    const std::string path = address.is_abstract ? "" : absolute(call.process, "", address.path);
    if (!address.is_abstract && path.empty()) return "";
    const std::string_view type = unix_type(socket);
    return fmt::format("unix {}{}{}{}", type, type.empty() ? "" : " ", address.is_abstract ? "abstract " : "", address.is_abstract ? format::quoted_path(address.path) : spoken(call, path));
  }
  const std::string_view word = protocol_word(socket);
  if (word.empty() || address.host.empty()) return "";
  const std::string host = address.family == "AF_INET" ? address.host : "[" + address.host + "]";
  return fmt::format("{} {}{}", word, host, word == "icmp" || address.port.empty() ? "" : ":" + address.port);
}

// A socket that somebody else made: its decoration says of what kind it is.
std::shared_ptr<TracedSocket> by_decoration(std::string_view descriptor) {
  struct Kind {
    std::string_view begin, domain, type;
  };
  constexpr std::array<Kind, 7> kinds{{{"TCP:[", "AF_INET", "SOCK_STREAM"}, {"TCPv6:[", "AF_INET6", "SOCK_STREAM"}, {"UDP:[", "AF_INET", "SOCK_DGRAM"},
                                       {"UDPv6:[", "AF_INET6", "SOCK_DGRAM"}, {"UNIX-STREAM:[", "AF_UNIX", "SOCK_STREAM"}, {"UNIX-DGRAM:[", "AF_UNIX", "SOCK_DGRAM"},
                                       {"UNIX-SEQPACKET:[", "AF_UNIX", "SOCK_SEQPACKET"}}};
  const auto decorated = descriptor_of(descriptor);
  if (!decorated) return nullptr;
  for (const Kind& kind : kinds)
    if (decorated->decoration.starts_with(kind.begin)) {
      auto socket = std::make_shared<TracedSocket>(TracedSocket{std::string(kind.domain), std::string(kind.type), ""});
      socket->is_told = true;  // by whoever made it
      return socket;
    }
  return nullptr;
}

std::shared_ptr<TracedSocket> socket_of(const TracedCall& call) {
  const Opened* opened = find_opened(call.process, call.arguments[0]);
  if (opened != nullptr && opened->socket) return opened->socket;
  auto socket = by_decoration(call.arguments[0]);
  if (const auto number = number_in(call.arguments[0]); socket && number) (*call.process.descriptors)[*number] = {"", socket};
  return socket;
}

bool made(TracedCall& call) {
  TracedSocket socket{std::string(named(call.arguments[0])), std::string(without_flags(named(call.arguments[1]))), std::string(named(call.arguments[2]))};
  if (socket.domain == "AF_LOCAL") socket.domain = "AF_UNIX";
  socket.line = call.line;
  const auto number = number_in(call.result);
  if (!call.succeeded() || !number) {
    call.tell(making_of(socket));
    return true;
  }
  const bool may_only_ask = socket.domain == "AF_INET" || socket.domain == "AF_INET6" || socket.domain == "AF_UNIX";
  auto kept = std::make_shared<TracedSocket>(std::move(socket));
  (*call.process.descriptors)[*number] = {"", kept};
  if (!may_only_ask) tell_socket(call, *kept);
  return true;
}

// bind, connect, sendto with an address
bool reached(TracedCall& call, std::string_view verb, std::string_view address_text) {
  const auto socket = socket_of(call);
  if (!socket) return false;
  const auto address = address_of(address_text);
  const std::string endpoint = address ? endpoint_of(call, *socket, *address) : "";
  if (endpoint.empty()) {
    tell_socket(call, *socket);
    return false;
  }
  const std::string access = fmt::format("{} {}", verb, endpoint);
  const bool is_question = verb == "connect" && !call.is_ok() && (call.outcome.error == "ENOENT" || call.outcome.error == "EACCES" || call.outcome.error == "EPERM");
  call.tell(access);
  if (is_question) {
    if (socket->asked.empty()) socket->asked = access, socket->error = call.outcome.error;
  } else {
    tell_socket(call, *socket);
  }
  if (verb == "bind" && call.succeeded()) {
    socket->local = endpoint;
    const auto port = number_in(address->port);
    if (port && *port > 0 && *port < 1024 && call.process.user == 0) call.tell("capability net_bind_service");
  }
  return true;
}

bool served(TracedCall& call) {
  const auto socket = socket_of(call);
  if (!socket) return false;
  tell_socket(call, *socket);
  const std::string_view verb = call.name == "listen" ? "listen" : "accept";
  if (verb == "accept")
    if (const auto number = number_in(call.result); number && *number >= 0) {
      auto peer = std::make_shared<TracedSocket>(*socket);
      peer->is_told = true;
      (*call.process.descriptors)[*number] = {"", std::move(peer)};
    }
  if (socket->local.empty()) return false;
  call.tell(fmt::format("{} {}", verb, socket->local));
  return true;
}

// To or from whom: in the fifth argument, or in the message.
std::string_view peer_in(const TracedCall& call) {
  if (call.name == "sendto" || call.name == "recvfrom") return call.arguments[4];
  return field_in(call.arguments[1], "msg_name");
}

void sent(TracedCall& call) {
  const bool is_send = call.name.starts_with("send");
  const std::string_view peer = peer_in(call);
  const auto socket = socket_of(call);
  if (socket) tell_socket(call, *socket);
  if (socket && peer.starts_with("{") && (is_send || call.succeeded())) reached(call, is_send ? "send" : "receive", peer);
}

bool paired(TracedCall& call) {
  if (!named(call.arguments[0]).starts_with("AF_UNIX") && !named(call.arguments[0]).starts_with("AF_LOCAL")) return false;
  call.tell("socketpair");
  return true;
}

}  // namespace

void tell_socket(const TracedCall& call, TracedSocket& socket) {
  if (socket.is_told) return;
  socket.is_told = true;
  call.events.add(call.process.program, {}, making_of(socket), socket.line);
}

void tell_asked(EventCounter& events, const std::string& program, TracedSocket& socket) {
  if (socket.is_told) return;
  socket.is_told = true;
  if (socket.asked.empty()) events.add(program, {}, making_of(socket), socket.line);
  else events.add(program, {Outcome::Kind::failed, socket.error, "socket", ""}, socket.asked, socket.line);
}

bool tell_socket_call(TracedCall& call) {
  if (call.name == "socket") return made(call);
  if (call.name == "connect" || call.name == "bind") return reached(call, call.name, call.arguments[1]);
  if (call.name == "listen" || call.name == "accept" || call.name == "accept4") return served(call);
  if (call.name == "sendto" || call.name == "sendmsg" || call.name == "recvfrom" || call.name == "recvmsg") {
    sent(call);  // with an address, it is told by the access and by itself
    return false;
  }
  return call.name == "socketpair" && paired(call);
}

}  // namespace polc::learn
