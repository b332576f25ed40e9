// How language 1 speaks of sockets: the words for protocols, addresses and ports. Internal to format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/access.hpp"

namespace polc::format {

/// Is there a word for sockets of this type and protocol, which names no others by itself?
bool has_protocol_word(Family family, SocketType type, std::uint32_t protocol);
/// The protocol words (`tcp`, `udp raw` ...) whose union is this product of an internet family, or comes nearest.
std::vector<std::string> protocol_words(Family family, SocketTypes types, const sets::NumberSet& protocols);
/// Does the word's protocol have ports?
bool has_ports(std::string_view protocol_word);

/// `10.0.0.0/8`, `[2001:db8::1]`: the fewest networks that make up the set. Everything: `any4`, `any6`.
std::vector<std::string> network_texts(const sets::Ip4Set& addresses);
std::vector<std::string> network_texts(const sets::Ip6Set& addresses);
std::string address_text(std::uint32_t ip4);
std::string address_text(sets::Uint128 ip6);
/// True for ::ffff:0:0/96, which the language takes for IPv4.
bool is_mapped(sets::Uint128 ip6);

/// `:443`, `:1-2`, `:{80, 443}`; empty for all ports.
std::string ports_text(const sets::PortSet& ports);

/// "" for all types, else one of ` stream`, ` dgram` ... each.
std::vector<std::string> type_suffixes(SocketTypes types);

}  // namespace polc::format
