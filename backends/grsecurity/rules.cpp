// connect and bind lines. grsecurity takes the first that matches, and nothing matching is a refusal: denies go first,
// cut down to what an allow would let through, so that they bring no type or protocol of their own into the union that
// socket() is checked against.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "grsecurity/emit.hpp"
#include "grsecurity/network.hpp"
#include "knowledge/calls.hpp"

namespace polc::grsecurity {
namespace {

struct Line {
  Prefix address;
  sets::Interval<std::uint16_t> ports;
  std::string words;
  auto key() const { return std::tie(address.address, address.bits, ports.low, ports.high, words); }
};

/// A rule before it is split into lines: a product.
struct Product {
  Words words;
  sets::Ip4Set addresses;
  sets::PortSet ports;
};

std::vector<std::string> lines_of(const std::vector<Product>& products, std::string_view start) {
  std::vector<Line> lines;
  for (const Product& product : products) {
    const std::string words = text_of(product.words);
    for (const Prefix& prefix : prefixes_of(product.addresses))
      for (const auto& ports : product.ports.intervals()) lines.push_back({prefix, ports, words});
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.key() < b.key(); });
  lines.erase(std::unique(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.key() == b.key(); }),
              lines.end());
  std::vector<std::string> result;
  for (const Line& line : lines) {
    std::string ports;
    if (line.ports.low == line.ports.high) ports = fmt::format(":{}", line.ports.low);
    else if (line.ports.low != 0 || line.ports.high != sets::PortSet::maximum)
      ports = fmt::format(":{}-{}", line.ports.low, line.ports.high);
    result.push_back(fmt::format("{} {}{} {}", start, text_of(line.address), ports, line.words));
  }
  return result;
}

std::vector<Product> products_of(const Printed& printed, Construct construct, ir::Effect effect) {
  std::vector<Product> products;
  for (const target::LegalRule& rule : printed.rules) {
    if (rule.effect != effect || construct_of(rule.piece.form) != construct) continue;
    const auto& box = std::get<ir::NetBox>(rule.piece.wanted);
    products.push_back({words_for(box.types, box.protocols, printed.is_old), box.ip4, box.ports});
  }
  return products;
}

/// The parts of the denies that some allow would let through.
std::vector<Product> exceptions(const std::vector<Product>& denies, const std::vector<Product>& allows) {
  std::vector<Product> result;
  for (const Product& deny : denies)
    for (const Product& allow : allows) {
      Product common{{deny.words.types & allow.words.types, deny.words.protocols & allow.words.protocols},
                     deny.addresses & allow.addresses,
                     deny.ports & allow.ports};
      if (!common.words.empty() && !common.addresses.empty() && !common.ports.empty())
        result.push_back(std::move(common));
    }
  return result;
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  std::move(more.begin(), more.end(), std::back_inserter(lines));
}

/// Does anything that is printed declare that sockets can be made? An allow that a deny takes away wholly is not printed.
bool opens_sockets(const Printed& printed) {
  const auto socket = *knowledge::find_call(Os::linux_os, "socket");
  const auto holds_socket = [&](const ir::Box& box) {
    const auto* call = std::get_if<ir::CallBox>(&box);
    return call != nullptr && std::binary_search(call->calls.begin(), call->calls.end(), socket);
  };
  return std::any_of(printed.rules.begin(), printed.rules.end(), [&](const target::LegalRule& rule) {
    const auto& meaning = rule.piece.meaning;
    return rule.effect == ir::Effect::allow && std::any_of(meaning.begin(), meaning.end(), holds_socket);
  });
}

/// Types and protocols that socket() needs although no line with an address brings them: a refusal behind all
/// permissions says nothing new about addresses.
std::vector<std::string> socket_line(const Printed& printed, const std::vector<Product>& connects,
                                     const std::vector<Product>& binds) {
  const Words all = all_words_of(printed.policy, printed.is_old);
  Words said;
  for (const auto* products : {&connects, &binds})
    for (const Product& product : *products) {
      said.types |= product.words.types;
      said.protocols = said.protocols | product.words.protocols;
    }
  if (all.empty() || said == all || !opens_sockets(printed)) return {};
  return {"connect ! 0.0.0.0/0 " + text_of(all)};
}

std::vector<std::string> family_lines(const Printed& printed) {
  bool netlink = false, packet = false, inet6 = false, all = false;
  for (const target::LegalRule& rule : printed.rules) {
    if (construct_of(rule.piece.form) != Construct::family) continue;
    switch (static_cast<Family>(letters_of(rule.piece.form))) {
      case Family::netlink: netlink = true; break;
      case Family::packet: packet = true; break;
      case Family::inet6: inet6 = true; break;
      case Family::other: all = true; break;
      case Family::inet:
      case Family::unix_family: break;
    }
  }
  if (all) return {"sock_allow_family all"};
  if (!netlink && !packet && !inet6) return {};
  std::string line = "sock_allow_family";
  if (inet6) line += " ipv6";
  if (netlink) line += " netlink";
  if (packet) line += " packet";
  return {line};
}

}  // namespace

std::vector<std::string> network_lines(const Printed& printed) {
  const auto connects = products_of(printed, Construct::connect_rule, ir::Effect::allow);
  const auto binds = products_of(printed, Construct::bind_rule, ir::Effect::allow);
  const auto not_connects = exceptions(products_of(printed, Construct::connect_rule, ir::Effect::deny), connects);
  const auto not_binds = exceptions(products_of(printed, Construct::bind_rule, ir::Effect::deny), binds);
  std::vector<std::string> lines = lines_of(not_connects, "connect !");
  append(lines, lines_of(connects, "connect"));
  append(lines, socket_line(printed, connects, binds));
  if (lines.empty()) lines.emplace_back("connect disabled");  // neither is: the network would be unrestricted
  append(lines, lines_of(not_binds, "bind !"));
  append(lines, lines_of(binds, "bind"));
  if (binds.empty()) lines.emplace_back("bind disabled");
  append(lines, family_lines(printed));
  return lines;
}

}  // namespace polc::grsecurity
