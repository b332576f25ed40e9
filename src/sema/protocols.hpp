// The words for protocols and socket types: `tcp`, `udp raw`, `unix dgram`, and the socket() calls that make them.
#pragma once

#include <optional>
#include <vector>

#include "diag/sink.hpp"
#include "ir/policy.hpp"
#include "knowledge/relation.hpp"
#include "knowledge/verb_words.hpp"
#include "sema/context.hpp"
#include "sets/interval_set.hpp"
#include "syntax/ast.hpp"

namespace polc::sema {

struct InternetProtocol {
  SocketTypes types;
  std::vector<std::uint32_t> inet;   // protocol numbers; 0: the kernel's choice for the type
  std::vector<std::uint32_t> inet6;  // differs for icmp only
  bool has_ports = true;

  const std::vector<std::uint32_t>& list_of(Family family) const { return family == Family::inet ? inet : inet6; }
  sets::NumberSet numbers_of(Family family) const;
};

/// nullopt: the protocol has no sockets of that type; reported.
std::optional<InternetProtocol> protocol_of(const ast::Protocol& protocol, diag::Sink& sink);

using knowledge::netlink_types;

/// The type that stands behind `unix` or `packet`; all of them when none does.
SocketTypes types_named(const std::optional<ast::Name>& sub);

sets::NumberSet numbers_from(const std::vector<std::uint32_t>& numbers);

/// What `socket` stands for in a configuration, as calls.
std::vector<knowledge::CallPattern> socket_calls(const InternetProtocol& protocol, const Context& in);
std::vector<knowledge::CallPattern> socket_calls(Family family, SocketTypes types, const Context& in);
std::vector<knowledge::CallPattern> netlink_socket_calls(const std::vector<std::uint32_t>& protocols, const Context& in);

}  // namespace polc::sema
