#include "systrace/read_host.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "sets/port_regex.hpp"
#include "systrace/read_regex.hpp"

namespace polc::systrace::syntax {
namespace {

using sets::Ip4Set;
using sets::Ip6Set;
using sets::NumberSet;
using sets::Uint128;

constexpr std::size_t most_intervals = 4096;

// ---- IPv4

/// Cuts at each `\.` outside of parentheses.
std::vector<std::string_view> octets_of(std::string_view regex) {
  std::vector<std::string_view> result;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < regex.size(); ++at) {
    if (regex[at] == '(') ++depth;
    else if (regex[at] == ')') --depth;
    else if (regex[at] == '[') at = end_of_bracket(regex, at) - 1;
    else if (regex[at] == '\\' && depth == 0 && regex.substr(at, 2) == "\\.") {
      result.push_back(regex.substr(begin, at - begin));
      begin = ++at + 1;
    }
  }
  result.push_back(regex.substr(begin));
  return result;
}

std::optional<NumberSet> octet(std::string_view regex) {
  const NumberSet all = NumberSet::range(0, 255);
  if (regex == "[0-9]+") return all;
  const auto numbers = sets::read_port_regex(regex);
  return numbers ? std::optional(*numbers & all) : std::nullopt;
}

/// `[0-9.]+` at the end takes all octets that are left.
std::optional<Ip4Set> ip4_set(std::string_view regex) {
  constexpr std::string_view any_rest = "[0-9.]+";
  if (regex == any_rest) return Ip4Set::all();
  std::vector<std::string_view> parts = octets_of(regex);
  const bool open = parts.back() == any_rest;
  if (open) parts.pop_back();
  if (parts.empty() || (open ? parts.size() > 3 : parts.size() != 4)) return std::nullopt;
  std::vector<sets::Interval<std::uint32_t>> whole{{0, 0}};  // of the octets so far
  for (const std::string_view part : parts) {
    const auto values = octet(part);
    if (!values) return std::nullopt;
    std::vector<sets::Interval<std::uint32_t>> next;
    for (const auto& [low, high] : whole)
      for (std::uint64_t head = low; head <= high; ++head) {
        for (const auto& [from, to] : values->intervals())
          next.push_back({static_cast<std::uint32_t>(head << 8 | from), static_cast<std::uint32_t>(head << 8 | to)});
        if (next.size() > most_intervals) return std::nullopt;
      }
    const auto merged = NumberSet::from(std::move(next));
    whole = merged.intervals();
  }
  const auto bits = static_cast<unsigned>(8 * (4 - parts.size()));
  for (auto& [low, high] : whole) {
    low = static_cast<std::uint32_t>(std::uint64_t{low} << bits);
    high = static_cast<std::uint32_t>((std::uint64_t{high} << bits) | ((std::uint64_t{1} << bits) - 1));
  }
  return Ip4Set::from(std::move(whole));
}

// ---- IPv6

constexpr std::string_view any_ip6 = "[^]]*:[^]]*", any_rest6 = "[^]]*", any_zone = "(%[^]]*)?";

std::optional<Uint128> ip6_number(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> printed{};
  if (inet_ntop(AF_INET6, bytes.data(), printed.data(), printed.size()) == nullptr || text != printed.data()) return std::nullopt;
  Uint128 number = 0;
  for (const unsigned char byte : bytes) number = number << 8 | byte;
  return number;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

/// The values of one group: hexadecimal digits and classes of them, as printed: no leading zero.
std::optional<NumberSet> group_of(std::string_view regex) {
  std::vector<unsigned> values{0};
  unsigned digits = 0;
  for (std::size_t at = 0; at < regex.size(); ++digits) {
    std::size_t next = at;
    const auto step = one_character(regex, next);
    if (!step || digits == 4) return std::nullopt;
    std::vector<unsigned> longer;
    for (const unsigned value : values)
      for (const char c : std::string_view("0123456789abcdef")) {
        const bool taken = step->kind == sets::GlobStep::Kind::byte ? step->byte == c
                           : step->kind == sets::GlobStep::Kind::set && step->characters.contains(static_cast<unsigned char>(c));
        if (taken) longer.push_back(value << 4 | *hex_digit(c));
      }
    if (digits == 0 && std::find(longer.begin(), longer.end(), 0u) != longer.end()) return std::nullopt;
    values = std::move(longer);
    at = next;
  }
  if (digits == 0 || values.empty()) return std::nullopt;
  std::vector<sets::Interval<std::uint32_t>> parts;
  for (const unsigned value : values) parts.push_back({value, value});
  return NumberSet::from(std::move(parts));
}

/// `2001:db8:[0-7]...:` in front of whatever else: no group of it is zero, so `::` cannot swallow one.
std::optional<Ip6Set> ip6_prefix(std::string_view regex) {
  std::vector<NumberSet> groups;
  for (std::size_t at = 0; at <= regex.size();) {
    const std::size_t colon = std::min(regex.find(':', at), regex.size());
    if (colon == at && at == regex.size()) break;  // behind the last colon
    auto group = group_of(regex.substr(at, colon - at));
    if (!group || groups.size() == 8) return std::nullopt;
    groups.push_back(std::move(*group));
    at = colon + 1;
    if (colon == regex.size() && groups.size() != 8) return std::nullopt;
  }
  Uint128 low = 0, high = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const bool known = i < groups.size(), last = i + 1 == groups.size();
    if (known && groups[i].intervals().size() != 1) return std::nullopt;
    const std::uint32_t from = known ? groups[i].intervals()[0].low : 0, to = known ? groups[i].intervals()[0].high : 0xFFFF;
    if (known && !last && from != to) return std::nullopt;
    low = low << 16 | from;
    high = high << 16 | to;
  }
  return Ip6Set::range(low, high);
}

std::optional<Ip6Set> ip6_set(std::string_view regex) {
  if (regex == any_ip6) return Ip6Set::all();
  const auto ends_with = [&](std::string_view end) { return regex.size() > end.size() && regex.substr(regex.size() - end.size()) == end; };
  if (!ends_with(any_zone)) return ends_with(any_rest6) ? ip6_prefix(regex.substr(0, regex.size() - any_rest6.size())) : std::nullopt;
  const std::string_view body = regex.substr(0, regex.size() - any_zone.size());
  if (body.find('[') != std::string_view::npos) return ip6_prefix(body);
  std::string text;
  for (std::size_t i = 0; i < body.size(); ++i)
    if (body.substr(i, 2) != "\\.") text += body[i];
  const auto number = ip6_number(text);
  return number ? std::optional(Ip6Set::of(*number)) : std::nullopt;
}

}  // namespace

std::optional<Hosts> read_host(std::string_view text) {
  const std::string copy(text);
  in_addr address{};
  if (inet_pton(AF_INET, copy.c_str(), &address) == 1) return Hosts{Ip4Set::of(ntohl(address.s_addr)), {}};
  const auto number = ip6_number(copy);
  return number ? std::optional(Hosts{{}, Ip6Set::of(*number)}) : std::nullopt;
}

std::optional<Hosts> read_hosts(std::string_view regex) {
  Hosts hosts;
  for (const std::string_view one : alternatives_of(regex)) {
    if (const auto ip6 = ip6_set(one)) {
      hosts.ip6 = hosts.ip6 | *ip6;
      continue;
    }
    const auto ip4 = ip4_set(one);
    if (!ip4) return std::nullopt;
    hosts.ip4 = hosts.ip4 | *ip4;
  }
  return hosts;
}

}  // namespace polc::systrace::syntax
