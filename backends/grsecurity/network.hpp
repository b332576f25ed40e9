// Network rules as values: what `connect` and `bind` lines can say, and the words they say it with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "grsecurity/model.hpp"

namespace polc::grsecurity {

/// Bit n: socket type number n, as in gradm. `any_sock` has them all (gradm leaves out type 0, which no socket has).
using TypeBits = std::uint32_t;
inline constexpr TypeBits any_sock = 0xFFFF'FFFFu;
inline constexpr TypeBits type_stream = 1u << 1, type_dgram = 1u << 2, type_raw = 1u << 3, type_rdm = 1u << 4,
                          type_seqpacket = 1u << 5;

/// The types and protocols of one rule, as they can be printed.
struct Words {
  TypeBits types = 0;
  sets::NumberSet protocols;
  bool operator==(const Words&) const = default;
  bool empty() const { return types == 0 || protocols.empty(); }
};
/// The narrowest words that hold these types and protocols; see capabilities.cpp for what they cannot say.
Words words_for(SocketTypes types, const sets::NumberSet& protocols, bool is_old);
Words words_for(TypeBits types, const sets::NumberSet& protocols, bool is_old);
/// "stream tcp". The words must come from words_for, or be the common part of two such.
std::string text_of(const Words& words);

/// A.B.C.D[/n] prefixes that make up the set, ascending.
struct Prefix {
  std::uint32_t address = 0;
  unsigned bits = 32;
};
std::vector<Prefix> prefixes_of(const sets::Ip4Set& addresses);
std::string text_of(const Prefix& prefix);

/// What socket() is checked against.
struct CallPart {
  TypeBits types = 0;  // of AF_INET
  sets::NumberSet protocols;
  bool netlink = false, packet = false, inet6 = false, other = false, inside_unix = false;
};
/// Which sockets a condition on socket() lets through; the arguments of two families may differ, those of one are taken
/// apart into types and protocols.
CallPart sockets_in(const ir::Condition& where);
inline constexpr std::uint32_t domain_unix = 1, domain_inet = 2, domain_inet6 = 10, domain_netlink = 16,
                               domain_packet = 17;
/// UDP: what send and receive are checked for.
sets::NumberSet udp_protocols();

/// Every type and protocol of the policy's rules: socket() is checked against the two apart from each other.
Words all_words_of(const ir::Policy& policy, bool is_old);

/// Does an allow rule speak of the family (netlink, packet, other)?
bool opens_family(const ir::Policy& policy, Family family);
/// Everything of inet6 is allowed and nothing of it denied: only then may the family be opened, as nothing in it is
/// checked.
bool allows_all_inet6(const ir::Policy& policy);
/// Is there a sock_allow_family for it? netlink and packet for any rule about them, inet6 and other only as a whole.
bool family_is_open(const ir::Policy& policy, Family family);

}  // namespace polc::grsecurity
