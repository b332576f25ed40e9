// The words of network rules, as the reader knows them.
#include <algorithm>
#include <array>
#include <charconv>

#include "grsecurity/rule_syntax.hpp"

namespace polc::grsecurity {
namespace {

struct Named {
  std::string_view name;
  std::uint32_t number;
};
// include/linux/socket.h of Linux 4.9, in gradm's spelling.
constexpr std::array<Named, 46> families{
    {{"unspec", 0},  {"unix", 1},      {"local", 1},  {"inet", 2},    {"ipv4", 2},        {"ax25", 3},
     {"ipx", 4},     {"appletalk", 5}, {"netrom", 6}, {"bridge", 7},  {"atmpvc", 8},      {"x25", 9},
     {"inet6", 10},  {"ipv6", 10},     {"rose", 11},  {"decnet", 12}, {"netbeui", 13},    {"security", 14},
     {"key", 15},    {"netlink", 16},  {"route", 16}, {"packet", 17}, {"ash", 18},        {"econet", 19},
     {"atmsvc", 20}, {"rds", 21},      {"sna", 22},   {"irda", 23},   {"pppox", 24},      {"wanpipe", 25},
     {"llc", 26},    {"ib", 27},       {"mpls", 28},  {"can", 29},    {"tipc", 30},       {"bluetooth", 31},
     {"iucv", 32},   {"rxrpc", 33},    {"isdn", 34},  {"phonet", 35}, {"ieee802154", 36}, {"caif", 37},
     {"alg", 38},    {"nfc", 39},      {"vsock", 40}, {"kcm", 41}}};
// /etc/protocols of Debian 12, those below 256 that gradm's users meet.
constexpr std::array<Named, 18> protocols{{{"ip", 0},
                                           {"icmp", 1},
                                           {"igmp", 2},
                                           {"ggp", 3},
                                           {"ipencap", 4},
                                           {"egp", 8},
                                           {"igp", 9},
                                           {"dccp", 33},
                                           {"ipv6", 41},
                                           {"rsvp", 46},
                                           {"gre", 47},
                                           {"esp", 50},
                                           {"ah", 51},
                                           {"ipv6-icmp", 58},
                                           {"ospf", 89},
                                           {"sctp", 132},
                                           {"udplite", 136},
                                           {"raw_proto", 255}}};

std::optional<std::uint32_t> number_in(std::span<const Named> names, std::string_view name) {
  const auto at = std::find_if(names.begin(), names.end(), [&](const Named& named) { return named.name == name; });
  if (at == names.end()) return std::nullopt;
  return at->number;
}

std::optional<std::uint32_t> find_type(std::string_view word) {
  if (word == "stream") return 1u << 1;
  if (word == "dgram") return 1u << 2;
  if (word == "raw_sock") return 1u << 3;
  if (word == "rdm") return 1u << 4;
  if (word == "any_sock") return ~0u;
  return std::nullopt;
}

std::optional<sets::NumberSet> find_protocols(std::string_view word, bool is_old) {
  using sets::NumberSet;
  // "silly protocol 0", says gradm: socket(.., 0) is what programs call.
  if (word == "tcp") return NumberSet::of(0) | NumberSet::of(6);
  if (word == "udp") return NumberSet::of(0) | NumberSet::of(17);
  if (word == "any_proto") return NumberSet::all();
  if (const auto number = number_in(protocols, word)) return NumberSet::of(*number);
  if (is_old || !word.starts_with("proto:")) return std::nullopt;
  const auto number = read_number(word.substr(6), 255);
  if (!number) return std::nullopt;
  return NumberSet::of(*number);
}

/// "1.2.3.4"
std::optional<std::uint32_t> read_address(std::string_view text) {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = part == 3 ? text.size() : text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto number = read_number(text.substr(0, dot), 255);
    if (!number) return std::nullopt;
    address = address << 8 | *number;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return address;
}

std::optional<std::string> read_ports(std::string_view text, bool is_old, AclRule& rule) {
  const std::size_t dash = text.find('-');
  const auto port = [&](std::string_view part) { return read_number(part, is_old ? 0xFFFF'FFFFu : 65535); };
  const auto low = port(text.substr(0, dash));
  const auto high = dash == std::string_view::npos ? low : port(text.substr(dash + 1));
  if (!low || !high) return "not a port or a range of two: `" + std::string(text) + "`";
  rule.low_port = *low & 0xFFFF;  // 2.1.8 keeps 16 bits of whatever it is given
  rule.high_port = *high & 0xFFFF;
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> read_number(std::string_view text, std::uint32_t largest) {
  std::uint32_t number = 0;
  const auto [rest, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || wrong != std::errc{} || rest != text.data() + text.size() || number > largest)
    return std::nullopt;
  return number;
}

std::optional<std::string> read_endpoint(std::string_view text, bool is_old, AclRule& rule) {
  const std::string whole(text);
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    if (auto wrong = read_ports(text.substr(colon + 1), is_old, rule)) return wrong;
    text = text.substr(0, colon);
  }
  std::uint32_t bits = 32;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const auto given = read_number(text.substr(slash + 1), 0xFFFF);
    if (!given) return "not a prefix length: `" + whole + "`";
    // gradm does not check it: /33 becomes /1, half the Internet.
    bits = *given > 32 ? *given % 32 : *given;
    text = text.substr(0, slash);
  }
  const auto address = read_address(text);
  if (!address) return "host names and interfaces are not supported by this reader: `" + whole + "`";
  rule.mask = bits == 0 ? 0 : ~0u << (32 - bits);
  rule.address = *address & rule.mask;
  return std::nullopt;
}

bool add_word(std::string_view word, bool is_old, AclRule& rule) {
  if (const auto type = find_type(word)) {
    rule.types |= *type;
    return true;
  }
  const auto more = find_protocols(word, is_old);
  if (more) rule.protocols = rule.protocols | *more;
  return more.has_value();
}

std::optional<std::uint32_t> find_family(std::string_view word) { return number_in(families, word); }

}  // namespace polc::grsecurity
