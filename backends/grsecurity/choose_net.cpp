// connect and bind lines for IPv4, whole families for the rest, and the sockets that both open. grsecurity takes the first line
// that matches, and nothing matching is a refusal: denies go first, cut down to what an allow would let through, so that they
// bring no type or protocol of their own into the union that socket() is checked against.
#include <algorithm>
#include <tuple>

#include "grsecurity/choose.hpp"
#include "knowledge/calls.hpp"

namespace polc::grsecurity {
namespace {

using ir::Verdict;
using target::Feature;

constexpr NetVerbs bind_verbs{NetVerb::bind, NetVerb::listen, NetVerb::accept};

bool is_empty(const ir::NetBox& box) { return box.types.empty() || box.protocols.empty() || box.ip4.empty() || box.ports.empty(); }

Feature feature_of_family(Family family) {
  ir::NetPoint point;
  point.family = family;
  return target::feature_of(ir::Point(point));
}

auto key_of(const AddressLine& line) { return std::tie(line.address.address, line.address.bits, line.ports.low, line.ports.high, line.words); }

}  // namespace

NetChooser::NetChooser(const ir::Policy& policy, bool is_old) : policy_(policy), is_old_(is_old) {
  for (unsigned family = 0; family < opens_.size(); ++family) opens_[family] = family_is_open(policy, static_cast<Family>(family));
}

void NetChooser::add(const Wish& wish, const ir::NetBox& box) {
  if (box.family != Family::inet) return add_family(wish, box, box.family);
  box.verbs.for_each([&](NetVerb verb) {
    if (verb == NetVerb::send || verb == NetVerb::receive) add_messages(wish, box, verb);
    else add_line(wish, box, bind_verbs.contains(verb) ? binds_ : connects_);
  });
}

void NetChooser::add_line(const Wish& wish, const ir::NetBox& box, Products& products) {
  if (is_empty(box)) return;
  opens_sockets_ |= wish.is_allow();
  auto& into = wish.is_allow() ? products.allowed : products.denied;
  into.push_back({words_for(box.types, box.protocols, is_old_), box.ip4, box.ports, wish.from});
}

/// Only UDP's messages are checked, by the connect lines.
void NetChooser::add_messages(const Wish& wish, const ir::NetBox& box, NetVerb verb) {
  ir::NetBox udp = box;
  udp.types = box.types & SocketTypes{SocketType::dgram};
  udp.protocols = box.protocols & udp_protocols();
  add_line(wish, udp, connects_);
  ir::NetBox streams = box;
  streams.types.remove(SocketType::dgram);
  ir::NetBox not_udp = box;
  not_udp.types = udp.types;
  not_udp.protocols = box.protocols - udp_protocols();
  for (ir::NetBox* rest : {&streams, &not_udp}) {
    if (is_empty(*rest)) continue;
    // Sending by a named protocol needs a socket of it.
    if (wish.is_allow() && verb == NetVerb::send && !box.protocols.is_all()) {
      opens_sockets_ = true;
      sockets_.parts.push_back(wish.from);
    }
    wish.gap(*rest, Verdict::unmediated, target::feature_of(verb));
  }
}

void NetChooser::add_family(const Wish& wish, ir::Box box, Family family) {
  const bool is_open = !is_old_ && opens_[static_cast<std::size_t>(family)];
  const Feature because = feature_of_family(family);
  if (is_old_ || (!wish.is_allow() && is_open)) return wish.is_implied() ? void() : wish.gap(std::move(box), Verdict::unmediated, because);
  if (!wish.is_allow()) return;
  if (!is_open) return wish.gap(std::move(box), Verdict::narrower, because);
  opens_sockets_ = true;
  opened_[family].parts.push_back(wish.from);
}

void NetChooser::add(const Wish& wish, const ir::CallBox& box) {
  const CallId socket = *knowledge::find_call(policy_.configuration.os, "socket");
  const bool makes_sockets = std::find(box.calls.begin(), box.calls.end(), socket) != box.calls.end();
  if (!wish.is_implied() && box.calls.size() > (makes_sockets ? 1u : 0u)) {
    ir::CallBox others = box;
    std::erase(others.calls, socket);
    wish.gap(std::move(others), Verdict::unmediated, Feature::call);
  }
  if (makes_sockets) add_socket(wish, {{socket}, box.where});
}

// The union of types and protocols belongs to the addresses' rules; there is no line that takes a socket away.
void NetChooser::add_socket(const Wish& wish, const ir::CallBox& box) {
  if (!wish.is_allow()) return wish.gap(box, Verdict::unmediated, Feature::socket_creation);
  const CallPart part = sockets_in(box.where);
  if (part.inside_unix && !wish.is_implied()) wish.gap(box, Verdict::unmediated, Feature::socket_creation);
  if (part.types != 0) {
    opens_sockets_ = true;
    sockets_.parts.push_back(wish.from);
  }
  const auto open = [&](bool is_asked, Family family) {
    if (is_asked) add_family(wish, box, family);
  };
  open(part.inet6, Family::inet6);
  open(part.netlink, Family::netlink);
  open(part.packet, Family::packet);
  open(part.other, Family::other);
}

// ---- lines

void NetChooser::finish(Ruleset& ruleset) {
  ruleset.connects = {lines_of(exceptions(connects_)), lines_of(connects_.allowed)};
  ruleset.binds = {lines_of(exceptions(binds_)), lines_of(binds_.allowed)};
  ruleset.sockets = socket_line();
  ruleset.families = family_line();
}

/// The parts of the denies that some allow would let through.
std::vector<NetChooser::Product> NetChooser::exceptions(const Products& products) {
  std::vector<Product> result;
  for (const Product& deny : products.denied)
    for (const Product& allow : products.allowed) {
      Product common{{deny.words.types & allow.words.types, deny.words.protocols & allow.words.protocols},
                     deny.addresses & allow.addresses,
                     deny.ports & allow.ports,
                     deny.from};
      if (!common.words.empty() && !common.addresses.empty() && !common.ports.empty()) result.push_back(std::move(common));
    }
  return result;
}

std::vector<AddressLine> NetChooser::lines_of(const std::vector<Product>& products) {
  std::vector<AddressLine> all, lines;
  for (const Product& product : products) {
    const std::string words = text_of(product.words);
    for (const Prefix& prefix : prefixes_of(product.addresses))
      for (const auto& ports : product.ports.intervals()) all.push_back({prefix, ports, words, {{product.from}, {}}});
  }
  std::stable_sort(all.begin(), all.end(), [](const AddressLine& a, const AddressLine& b) { return key_of(a) < key_of(b); });
  for (AddressLine& line : all) {
    if (lines.empty() || key_of(lines.back()) != key_of(line)) lines.push_back(std::move(line));
    else lines.back().from.add(line.from);
  }
  for (AddressLine& line : lines) line.from.sort_unique();
  return lines;
}

std::optional<SocketLine> NetChooser::socket_line() const {
  const Words all = all_words_of(policy_, is_old_);
  Words said;
  for (const auto* products : {&connects_.allowed, &binds_.allowed})
    for (const Product& product : *products) {
      said.types |= product.words.types;
      said.protocols = said.protocols | product.words.protocols;
    }
  if (all.empty() || said == all || !opens_sockets_) return std::nullopt;
  SocketLine line{text_of(all), sockets_};
  line.from.sort_unique();
  return line;
}

std::optional<FamilyLine> NetChooser::family_line() const {
  if (opened_.empty()) return std::nullopt;
  FamilyLine line;
  if (opened_.count(Family::other) != 0) line.families = {"all"};
  else
    for (const auto& [family, word] : {std::pair(Family::inet6, "ipv6"), {Family::netlink, "netlink"}, {Family::packet, "packet"}})
      if (opened_.count(family) != 0) line.families.emplace_back(word);
  for (const auto& [family, from] : opened_) line.from.add(from);
  line.from.sort_unique();
  return line;
}

}  // namespace polc::grsecurity
