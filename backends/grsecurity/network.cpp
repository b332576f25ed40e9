#include "grsecurity/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "knowledge/calls.hpp"
#include "support/check.hpp"

namespace polc::grsecurity {
namespace {

using sets::ArgumentSpace;
using sets::Compare;
using sets::NumberSet;

struct ProtocolName {
  std::uint32_t number;
  std::string_view name;
};
// From /etc/protocols of Debian 12. Only tcp and udp bring protocol 0 with them.
constexpr std::array<ProtocolName, 9> protocol_names{{{0, "ip"},
                                                      {1, "icmp"},
                                                      {2, "igmp"},
                                                      {47, "gre"},
                                                      {50, "esp"},
                                                      {51, "ah"},
                                                      {132, "sctp"},
                                                      {136, "udplite"},
                                                      {255, "raw_proto"}}};
constexpr std::size_t most_named_protocols = 16;

const ProtocolName* find_name(std::uint32_t number) {
  const auto at =
      std::find_if(protocol_names.begin(), protocol_names.end(), [&](const auto& p) { return p.number == number; });
  return at == protocol_names.end() ? nullptr : &*at;
}

/// The members below 256; nullopt: too many to name, or one above.
std::optional<std::vector<std::uint32_t>> listed(const NumberSet& protocols) {
  std::vector<std::uint32_t> numbers;
  for (const auto& interval : protocols.intervals()) {
    if (interval.high > 255) return std::nullopt;
    for (std::uint32_t n = interval.low; n <= interval.high; ++n) {
      if (numbers.size() == most_named_protocols) return std::nullopt;
      numbers.push_back(n);
    }
  }
  return numbers;
}

ArgumentSpace::Set set_of(ArgumentSpace& space, const ir::Condition& condition) {
  switch (condition.kind) {
    case ir::Condition::Kind::test: {
      const ir::ArgumentTest& t = condition.test;
      if (t.in_register.number != ir::TestedRegister::none) return set_of(space, ir::of_argument(t));
      return space.compare(t.argument, t.mask, t.op, t.value, t.width, t.is_signed);
    }
    case ir::Condition::Kind::negation: return space.complement(set_of(space, condition.terms.front()));
    case ir::Condition::Kind::exact: return space.import(*condition.exact.space, condition.exact.set);
    case ir::Condition::Kind::conjunction:
    case ir::Condition::Kind::disjunction: break;
  }
  const bool is_and = condition.kind == ir::Condition::Kind::conjunction;
  ArgumentSpace::Set set = is_and ? ArgumentSpace::all : ArgumentSpace::none;
  for (const ir::Condition& term : condition.terms)
    set = is_and ? space.conjunction(set, set_of(space, term)) : space.disjunction(set, set_of(space, term));
  return set;
}

constexpr std::uint64_t low_half = 0xFFFF'FFFFu;
constexpr std::uint64_t type_mask = 0xF;  // SOCK_TYPE_MASK

// Those from `low` to `high` that some member of the set asks for, by halves: most sets hold few of them.
void add_protocols(ArgumentSpace& space, ArgumentSpace::Set set, std::uint32_t low, std::uint32_t high, NumberSet& found) {
  if (set == ArgumentSpace::none) return;
  if (low == high) {
    found = found | NumberSet::of(low);
    return;
  }
  const std::uint32_t middle = low + (high - low) / 2;
  const auto lower = space.compare(2, low_half, Compare::less_equal, middle, 32);
  add_protocols(space, space.conjunction(set, lower), low, middle, found);
  add_protocols(space, space.difference(set, lower), middle + 1, high, found);
}

}  // namespace

NumberSet udp_protocols() { return NumberSet::of(0) | NumberSet::of(17); }

Words words_for(TypeBits types, const NumberSet& protocols, bool is_old) {
  constexpr TypeBits named = type_stream | type_dgram | type_raw | type_rdm;
  if (types == 0 || protocols.empty()) return {};
  Words words{(types & ~named) != 0 ? any_sock : types, protocols};
  const auto numbers = listed(protocols);
  if (!numbers) {
    words.protocols = NumberSet::all();  // any_proto
    return words;
  }
  for (const std::uint32_t number : *numbers) {
    if (!is_old || find_name(number)) continue;
    // gradm 2.1 has no proto:N; tcp and udp bring protocol 0.
    if (number == 6 || number == 17) words.protocols = words.protocols | NumberSet::of(0);
    else words.protocols = NumberSet::all();
  }
  return words;
}

Words words_for(SocketTypes types, const NumberSet& protocols, bool is_old) {
  TypeBits bits = 0;
  if (types.contains(SocketType::stream)) bits |= type_stream;
  if (types.contains(SocketType::dgram)) bits |= type_dgram;
  if (types.contains(SocketType::raw)) bits |= type_raw;
  if (types.contains(SocketType::seqpacket)) bits |= type_seqpacket;
  return words_for(bits, protocols, is_old);
}

std::string text_of(const Words& words) {
  std::string text;
  const auto add = [&](std::string_view word) {
    if (!text.empty()) text += ' ';
    text += word;
  };
  if (words.types == any_sock) {
    add("any_sock");
  } else {
    if (words.types & type_stream) add("stream");
    if (words.types & type_dgram) add("dgram");
    if (words.types & type_raw) add("raw_sock");
    if (words.types & type_rdm) add("rdm");
  }
  const auto numbers = listed(words.protocols);
  if (!numbers) {
    add("any_proto");
    return text;
  }
  const bool has_zero = words.protocols.contains(0);
  const bool zero_is_brought = has_zero && (words.protocols.contains(6) || words.protocols.contains(17));
  for (const std::uint32_t number : *numbers) {
    if (number == 0 && zero_is_brought) continue;
    if (has_zero && number == 6) add("tcp");
    else if (has_zero && number == 17) add("udp");
    else if (const auto* known = find_name(number)) add(known->name);
    else add(fmt::format("proto:{}", number));
  }
  return text;
}

std::vector<Prefix> prefixes_of(const sets::Ip4Set& addresses) {
  std::vector<Prefix> prefixes;
  for (const auto& interval : addresses.intervals()) {
    std::uint64_t low = interval.low;
    while (low <= interval.high) {
      unsigned bits = 32;
      std::uint64_t size = 1;
      while (bits > 0 && low % (size * 2) == 0 && low + size * 2 - 1 <= interval.high) {
        size *= 2;
        --bits;
      }
      prefixes.push_back({static_cast<std::uint32_t>(low), bits});
      low += size;
    }
  }
  return prefixes;
}

std::string text_of(const Prefix& prefix) {
  const std::uint32_t a = prefix.address;
  std::string text = fmt::format("{}.{}.{}.{}", a >> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255);
  if (prefix.bits < 32) text += fmt::format("/{}", prefix.bits);
  return text;
}

CallPart sockets_in(const ir::Condition& where) {
  ArgumentSpace space;
  const auto all = set_of(space, where);
  const auto with = [&](ArgumentSpace::Set set, unsigned argument, std::uint64_t mask, std::uint64_t value) {
    return space.conjunction(set, space.compare(argument, mask, Compare::equal, value, 32));
  };
  const auto domain = [&](std::uint32_t number) { return with(all, 0, low_half, number); };
  CallPart part;
  part.inside_unix = domain(domain_unix) != ArgumentSpace::none;
  part.inet6 = domain(domain_inet6) != ArgumentSpace::none;
  part.netlink = domain(domain_netlink) != ArgumentSpace::none;
  part.packet = domain(domain_packet) != ArgumentSpace::none;
  auto others = all;
  for (const std::uint32_t known : {domain_unix, domain_inet, domain_inet6, domain_netlink, domain_packet})
    others = space.conjunction(others, space.compare(0, low_half, Compare::not_equal, known, 32));
  part.other = others != ArgumentSpace::none;
  const auto inet = domain(domain_inet);
  for (std::uint32_t type = 0; type <= type_mask; ++type)
    if (with(inet, 1, type_mask, type) != ArgumentSpace::none) part.types |= 1u << type;
  if (part.types == 0) return part;
  if (space.conjunction(inet, space.compare(2, low_half, Compare::greater, 255, 32)) != ArgumentSpace::none)
    part.protocols = NumberSet::all();
  else
    add_protocols(space, inet, 0, 255, part.protocols);
  return part;
}

}  // namespace polc::grsecurity
