#include "format/net_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "format/words.hpp"

namespace polc::format {
namespace {

using sets::NumberSet;
using sets::Uint128;

/// What a word stands for: docs/language.md, section 3. The protocols are numbers of IANA's list; 0 lets the kernel
/// choose.
struct ProtocolWord {
  std::string_view text;
  SocketTypes types;
  std::vector<std::uint32_t> inet;
  std::vector<std::uint32_t> inet6;
};

const std::vector<ProtocolWord>& words() {
  using T = SocketType;
  static const std::vector<ProtocolWord> table{
      {"tcp", {T::stream}, {0, 6}, {0, 6}},
      {"udp", {T::dgram}, {0, 17}, {0, 17}},
      {"sctp", {T::stream, T::seqpacket}, {132}, {132}},
      {"icmp", {T::dgram, T::raw}, {1}, {58}},
      {"sctp stream", {T::stream}, {132}, {132}},
      {"sctp seqpacket", {T::seqpacket}, {132}, {132}},
      {"icmp dgram", {T::dgram}, {1}, {58}},
      {"icmp raw", {T::raw}, {1}, {58}},
      {"tcp raw", {T::raw}, {6}, {6}},
      {"udp raw", {T::raw}, {17}, {17}},
      {"sctp raw", {T::raw}, {132}, {132}},
  };
  return table;
}

NumberSet protocols_of(const ProtocolWord& word, Family family) {
  NumberSet out;
  for (const std::uint32_t number : family == Family::inet ? word.inet : word.inet6) out = out | NumberSet::of(number);
  return out;
}

// When nothing fits: the word of the same type that people would expect, first one that names no other type.
std::string_view nearest_word(SocketTypes types, const NumberSet& protocols, Family family) {
  for (const bool names_no_other : {true, false})
    for (const bool same_protocol : {true, false})
      for (const ProtocolWord& word : words()) {
        const bool fits = names_no_other ? types.includes(word.types) : !(word.types & types).empty();
        if (fits && (!same_protocol || !(protocols_of(word, family) & protocols).empty())) return word.text;
      }
  return "tcp";
}

template <class Number>
struct Network {
  Number first{};
  unsigned prefix = 0;
};

// An interval as aligned blocks, each as large as its start and the rest allow.
template <class Number>
std::vector<Network<Number>> networks(const sets::IntervalSet<Number>& set) {
  constexpr unsigned width = sizeof(Number) * 8;
  std::vector<Network<Number>> out;
  for (const auto& interval : set.intervals()) {
    Number next = interval.low;
    while (true) {
      unsigned bits = 0;  // the block's host bits
      const auto last_of = [&](unsigned b) { return static_cast<Number>(next | ((Number{1} << b) - 1)); };
      while (bits + 1 < width && ((next >> bits) & 1) == 0 && last_of(bits + 1) <= interval.high) ++bits;
      out.push_back({next, width - bits});
      if (last_of(bits) == interval.high) break;
      next = static_cast<Number>(last_of(bits) + 1);
    }
  }
  return out;
}

// RFC 5952 without the brackets: the longest run of zero groups (the first of several, at least two) becomes `::`.
std::string ip6_text(Uint128 address) {
  std::array<unsigned, 8> groups{};
  for (unsigned i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(address >> (112 - 16 * i)) & 0xFFFF;
  unsigned run = 8, length = 1;
  for (unsigned i = 0; i < 8; ++i) {
    unsigned n = 0;
    while (i + n < 8 && groups[i + n] == 0) ++n;
    if (n > length) run = i, length = n;
  }
  std::string out;
  for (unsigned i = 0; i < 8; ++i) {
    if (i == run) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", groups[i]);
  }
  return out;
}

}  // namespace

bool has_protocol_word(Family family, SocketType type, std::uint32_t protocol) {
  return std::any_of(words().begin(), words().end(),
                     [&](const ProtocolWord& word) { return word.types.contains(type) && protocols_of(word, family).contains(protocol); });
}

std::vector<std::string> protocol_words(Family family, SocketTypes types, const NumberSet& protocols) {
  std::vector<const ProtocolWord*> chosen;
  for (const ProtocolWord& word : words()) {
    const NumberSet wanted = protocols_of(word, family);
    if (!types.includes(word.types) || !protocols.includes(wanted)) continue;
    const bool covered = std::any_of(chosen.begin(), chosen.end(), [&](const ProtocolWord* other) {
      return other->types.includes(word.types) && protocols_of(*other, family).includes(wanted);
    });
    if (!covered) chosen.push_back(&word);
  }
  std::vector<std::string> out;
  for (const ProtocolWord* word : chosen) out.emplace_back(word->text);
  if (out.empty()) out.emplace_back(nearest_word(types, protocols, family));
  return out;
}

bool has_ports(std::string_view protocol_word) { return protocol_word.substr(0, 4) != "icmp"; }

std::string address_text(std::uint32_t ip4) {
  return fmt::format("{}.{}.{}.{}", ip4 >> 24, (ip4 >> 16) & 0xFF, (ip4 >> 8) & 0xFF, ip4 & 0xFF);
}

std::string address_text(Uint128 ip6) { return '[' + ip6_text(ip6) + ']'; }
bool is_mapped(Uint128 ip6) { return ip6 >> 32 == 0xFFFF; }

std::vector<std::string> network_texts(const sets::Ip4Set& addresses) {
  if (addresses.is_all()) return {"any4"};
  std::vector<std::string> out;
  for (const auto& network : networks(addresses))
    out.push_back(address_text(network.first) + (network.prefix == 32 ? "" : fmt::format("/{}", network.prefix)));
  return out;
}

std::vector<std::string> network_texts(const sets::Ip6Set& addresses) {
  if (addresses.is_all()) return {"any6"};
  std::vector<std::string> out;
  for (const auto& network : networks(addresses))
    out.push_back('[' + ip6_text(network.first) + (network.prefix == 128 ? "" : fmt::format("/{}", network.prefix)) +
                  ']');
  return out;
}

std::string ports_text(const sets::PortSet& ports) {
  if (ports.is_all()) return "";
  std::vector<std::string> parts;
  for (const auto& interval : ports.intervals())
    parts.push_back(interval.low == interval.high ? fmt::format("{}", interval.low)
                                                  : fmt::format("{}-{}", interval.low, interval.high));
  return parts.size() == 1 ? ':' + parts[0] : fmt::format(":{{ {} }}", joined(parts));
}

std::vector<std::string> type_suffixes(SocketTypes types) {
  if (types.is_all()) return {""};
  std::vector<std::string> out;
  types.for_each([&](SocketType type) { out.push_back(fmt::format(" {}", name_of(type))); });
  return out;
}

}  // namespace polc::format
