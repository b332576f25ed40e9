// Sets of addresses and ports as regular expressions over the text that systrace prints: `inet-[1.2.3.4]:443` and
// `inet-[2001:db8::5]:80` (intercept-translate.c: getnameinfo with NI_NUMERICHOST | NI_NUMERICSERV).
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "sets/port_regex.hpp"
#include "support/check.hpp"
#include "systrace/model.hpp"

namespace polc::systrace {
namespace {

// What a line's alternatives may take, so that host and ports together stay below 2046 bytes with their backslashes
// doubled.
constexpr std::size_t longest_group = 700;
// More single IPv6 addresses than this are not enumerated.
constexpr unsigned most_addresses = 64;

std::string alternation(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : "|") + part;
  return parts.size() == 1 ? out : "(" + out + ")";
}

/// Alternations of neighbouring parts, none longer than longest_group (unless a single part is).
std::vector<std::string> grouped(const std::vector<std::string>& parts) {
  std::vector<std::string> result;
  std::vector<std::string> group;
  std::size_t length = 0;
  for (const auto& part : parts) {
    if (!group.empty() && length + part.size() + 1 > longest_group) {
      result.push_back(alternation(group));
      group.clear();
      length = 0;
    }
    length += part.size() + 1;
    group.push_back(part);
  }
  if (!group.empty()) result.push_back(alternation(group));
  return result;
}

// ---- ports

std::vector<std::string> port_groups(const sets::PortSet& ports) {
  if (ports.is_all()) return {"[0-9]+"};
  std::vector<std::string> groups = grouped(sets::port_regex_blocks(ports, sets::PortMode::domain));
  auto covered = sets::IntervalSet<std::uint32_t>::none();
  for (const auto& group : groups) {
    const auto read = sets::read_port_regex(group);
    POLC_CHECK(read, "a port regex is one");
    covered = covered | *read;
  }
  std::vector<sets::Interval<std::uint32_t>> wanted;
  for (const auto& interval : ports.intervals()) wanted.push_back({interval.low, interval.high});
  POLC_CHECK(
      (covered & sets::IntervalSet<std::uint32_t>::range(0, 65535)) == sets::IntervalSet<std::uint32_t>::from(wanted),
      "a port regex matches just its ports");
  return groups;
}

// ---- IPv4

std::string octet_regex(std::uint32_t low, std::uint32_t high) {
  if (low == 0 && high == 255) return "[0-9]+";
  return alternation(sets::port_regex_blocks(
      sets::PortSet::range(static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)), sets::PortMode::strict));
}

std::uint32_t octet(std::uint32_t address, unsigned place) { return (address >> (24 - 8 * place)) & 255; }

/// Alternatives for low..high, which agree in the octets before `place`. `head` is the text of those.
void add_ip4(std::uint32_t low, std::uint32_t high, unsigned place, const std::string& head,
             std::vector<std::string>& out) {
  const std::string dot = place == 3 ? "" : "\\.";
  const std::uint32_t tail = place == 3 ? 0 : (std::uint32_t{1} << (24 - 8 * place)) - 1;
  const std::uint32_t first = octet(low, place), last = octet(high, place);
  if ((low & tail) == 0 && (high & tail) == tail) {
    out.push_back(head + octet_regex(first, last) + (place == 3 ? "" : "\\.[0-9.]+"));
    return;
  }
  if (first == last) return add_ip4(low, high, place + 1, head + std::to_string(first) + dot, out);
  const std::uint32_t step = tail + 1, middle_low = (low & tail) == 0 ? low : (low & ~tail) + step;
  const std::uint32_t middle_high = (high & tail) == tail ? high : (high & ~tail) - 1;
  if (middle_low != low) add_ip4(low, low | tail, place, head, out);
  if (middle_low < middle_high) add_ip4(middle_low, middle_high, place, head, out);
  if (middle_high != high) add_ip4(high & ~tail, high, place, head, out);
}

std::vector<std::string> ip4_groups(const sets::Ip4Set& addresses) {
  if (addresses.is_all()) return {"[0-9.]+"};
  std::vector<std::string> parts;
  for (const auto& interval : addresses.intervals()) add_ip4(interval.low, interval.high, 0, "", parts);
  return grouped(parts);
}

// ---- IPv6

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '.' ? std::string("\\.") : std::string{c};
  return out;
}

std::string ip6_text(sets::Uint128 address) {
  std::array<unsigned char, 16> bytes{};
  for (unsigned i = 16; i-- > 0; address >>= 8) bytes[i] = static_cast<unsigned char>(address & 255);
  std::array<char, INET6_ADDRSTRLEN> text{};
  POLC_CHECK(inet_ntop(AF_INET6, bytes.data(), text.data(), text.size()) != nullptr, "every address has a text");
  return text.data();
}

/// The text of a whole prefix, when every address in it is printed with the same beginning: its groups are not zero (a
/// zero could be swallowed by `::`), and it ends at a group, or inside one after a digit that is not zero.
std::optional<std::string> prefix_regex(sets::Uint128 low, unsigned length) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (unsigned group = 0; group * 16 < length; ++group) {
    const auto value = static_cast<unsigned>((low >> (112 - 16 * group)) & 0xFFFF);
    const unsigned bits = std::min(16u, length - group * 16);
    if (bits == 16) {
      if (value == 0) return std::nullopt;
      char text[8];
      std::snprintf(text, sizeof text, "%x", value);
      out += std::string(text) + ":";
      continue;
    }
    if ((value >> 12) == 0) return std::nullopt;
    const unsigned whole = bits / 4, rest = bits % 4;
    for (unsigned i = 0; i < whole; ++i) out += digits[(value >> (12 - 4 * i)) & 15];
    if (rest > 0) {
      const unsigned first = (value >> (12 - 4 * whole)) & 15, last = first | ((1u << (4 - rest)) - 1);
      out += '[';
      for (unsigned digit = first; digit <= last; ++digit) out += digits[digit];
      out += ']';
    }
    for (unsigned i = whole + (rest > 0 ? 1 : 0); i < 4; ++i) out += "[0-9a-f]";
    if (group < 7) out += ':';
  }
  // fe80::1 on an interface is printed fe80::1%em0.
  return out + (length > 112 ? "(%[^]]*)?" : "[^]]*");
}

/// The interval as prefixes: (first address, length).
std::vector<std::pair<sets::Uint128, unsigned>> prefixes_of(sets::Interval<sets::Uint128> interval) {
  std::vector<std::pair<sets::Uint128, unsigned>> result;
  for (sets::Uint128 low = interval.low;;) {
    unsigned length = 128;
    while (length > 0) {
      const sets::Uint128 span = length == 1 ? ~sets::Uint128{0} : (sets::Uint128{1} << (129 - length)) - 1;
      if ((low & span) != 0 || interval.high - low < span) break;
      --length;
    }
    result.emplace_back(low, length);
    const sets::Uint128 last = length == 0 ? ~sets::Uint128{0} : low | ((sets::Uint128{1} << (128 - length)) - 1);
    if (last >= interval.high || result.size() > most_addresses) return result;
    low = last + 1;
  }
}

std::optional<std::vector<std::string>> ip6_parts(const sets::Ip6Set& addresses) {
  std::vector<std::string> parts;
  for (const auto& interval : addresses.intervals()) {
    if (interval.high - interval.low < 4) {
      for (sets::Uint128 address = interval.low;; ++address) {
        parts.push_back(escaped(ip6_text(address)) + "(%[^]]*)?");
        if (address == interval.high) break;
      }
    } else {
      for (const auto& [low, length] : prefixes_of(interval)) {
        auto part = length == 128 ? escaped(ip6_text(low)) + "(%[^]]*)?" : prefix_regex(low, length);
        if (!part) return std::nullopt;
        parts.push_back(std::move(*part));
      }
    }
    if (parts.size() > most_addresses) return std::nullopt;
  }
  return parts;
}

std::vector<std::string> ip6_groups(const sets::Ip6Set& addresses) {
  const std::vector<std::string> any{"[^]]*:[^]]*"};
  if (addresses.is_all()) return any;
  const auto parts = ip6_parts(addresses);
  return parts ? grouped(*parts) : any;
}

}  // namespace

bool ip6_is_exact(const sets::Ip6Set& addresses) { return addresses.is_all() || ip6_parts(addresses).has_value(); }

std::vector<std::string> address_regexes(const ir::NetBox& box) {
  std::vector<std::string> result;
  switch (box.family) {
    case Family::inet:
    case Family::inet6:
      for (const auto& host : box.family == Family::inet ? ip4_groups(box.ip4) : ip6_groups(box.ip6))
        for (const auto& ports : port_groups(box.ports)) result.push_back("^inet-\\[" + host + "\\]:" + ports + "$");
      break;
    case Family::unix_family:
      // A name of another kind than a path is printed as nothing.
      if (box.any_unix_address) result.push_back("^(/.*)?$");
      break;
    case Family::netlink:
    case Family::packet:
    case Family::other: result.push_back("^family\\("); break;
  }
  return result;
}

}  // namespace polc::systrace
