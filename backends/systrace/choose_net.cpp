// Addresses: one test of the text that systrace prints of an address.
#include <fmt/format.h>

#include "sets/port_regex.hpp"
#include "systrace/choose.hpp"

namespace polc::systrace {
namespace {

using target::Feature;

std::string_view call_of(NetVerb verb) {
  switch (verb) {
    case NetVerb::connect: return "connect";
    case NetVerb::bind: return "bind";
    case NetVerb::listen: return "listen";
    case NetVerb::accept: return "accept";
    case NetVerb::send: return "sendto";
    case NetVerb::receive: return "recvfrom";
  }
  return "";
}

bool is_everything(const ir::NetBox& box) {
  return box.types.is_all() && box.protocols.is_all() && box.ip4.is_all() && box.ip6.is_all() && box.ports.is_all() &&
         box.any_unix_address;
}

/// Some allow rule names every family for the verb: `send any`.
bool is_any_everywhere(const ir::NetBox& box, const ir::Policy& policy) {
  if (!is_everything(box)) return false;
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != ir::Effect::allow) continue;
    unsigned families = 0;
    for (const ir::Box& other : rule.boxes)
      if (const auto* net = std::get_if<ir::NetBox>(&other);
          net != nullptr && net->verbs.includes(box.verbs) && is_everything(*net))
        families |= 1u << static_cast<unsigned>(net->family);
    if (families == (1u << count_of(Family{})) - 1) return true;
  }
  return false;
}

bool suits_port_lines(const ir::NetBox& box) {
  if (box.ports.is_all() || !box.verbs.contains(NetVerb::connect)) return false;
  return (box.family == Family::inet && box.ip4.is_all()) || (box.family == Family::inet6 && box.ip6.is_all());
}

template <class Set>
bool is_single(const Set& set) {
  return set.intervals().size() == 1 && set.intervals()[0].low == set.intervals()[0].high;
}

}  // namespace

void Chooser::add(const Wish& wish, const ir::NetBox& box) {
  const NetVerb verb = only_verb(box.verbs);
  const bool is_seen = verb == NetVerb::connect || verb == NetVerb::bind || verb == NetVerb::send;
  if (!is_seen && wish.is_allow()) {
    note_all(wish, verb, target::feature_of(verb));
    return whole(wish, call_of(verb), box);
  }
  if (!is_seen) return wish.gap(box, ir::Verdict::unmediated, target::feature_of(verb));
  if (!wish.is_allow() && verb == NetVerb::send && is_send_open_anyway(policy_, version_))
    return wish.gap(box, ir::Verdict::unmediated, Feature::net_send);
  if (wish.is_allow() && is_any_everywhere(box, policy_))
    return filter(call_of(verb), ir::AccessClass::net, {wish.part().effect, {}, behind(wish, box)});
  if (box.family == Family::unix_family) return add_unix(wish, box);
  if (wish.is_allow() && howto_ && suits_port_lines(box)) return by_ports(wish, box);
  by_address(wish, box);
}

// Every address comes with it.
void Chooser::note_all(const Wish& wish, NetVerb verb, Feature because) {
  for (ir::Box& all : target::everything(ir::AccessClass::net, policy_.configuration.os)) {
    std::get<ir::NetBox>(all).verbs = {verb};
    wish.gap(std::move(all), ir::Verdict::wider, because);
  }
}

void Chooser::add_unix(const Wish& wish, const ir::NetBox& box) {
  if (box.any_unix_address) return by_address(wish, box);
  if (!box.abstracts.empty()) {
    ir::NetBox names = box;
    names.paths.clear();
    lack(wish, names, Feature::address_abstract);
  }
  for (const auto& path : box.paths) {
    ir::NetBox one = box;
    one.paths = {path};
    one.abstracts.clear();
    if (socket_test(path, wish.part().effect).fits) by_address(wish, one);
    else lack(wish, one, Feature::address_unix);
  }
}

void Chooser::by_address(const Wish& wish, const ir::NetBox& box) {
  const NetVerb verb = only_verb(box.verbs);
  if (box.family == Family::inet6 && !ip6_is_exact(box.ip6)) wish.gap(box, ir::Verdict::narrower, Feature::address_inet6);
  std::vector<std::string_view> calls{call_of(verb)};
  if (!wish.is_allow() && verb == NetVerb::send && version_ >= Version::v2010) calls.push_back("sendmsg");
  const Behind from = behind(wish, box);
  const std::vector<std::string> tests = address_tests(wish.part().effect, box);
  for (const std::string_view call : calls)
    for (const std::string& test : tests) filter(call, ir::AccessClass::net, {wish.part().effect, {{"sockaddr", test}}, from});
}

std::vector<std::string> Chooser::address_tests(ir::Effect effect, const ir::NetBox& box) const {
  if (howto_ && effect == ir::Effect::allow && box.family == Family::inet && is_single(box.ip4) && is_single(box.ports)) {
    const std::uint32_t ip = *box.ip4.lowest();
    return {fmt::format("eq \"inet-[{}.{}.{}.{}]:{}\"", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255, *box.ports.lowest())};
  }
  std::vector<std::string> tests;
  for (const sets::PathPattern& path : box.paths) tests.push_back(socket_test(path, effect).text);
  for (const std::string& regex : address_regexes(box)) tests.push_back("re " + quoted(regex));
  return tests;
}

// The how-to's frame: any host of both families, and what is spelled like one.
void Chooser::by_ports(const Wish& wish, const ir::NetBox& box) {
  note_all(wish, NetVerb::connect, Feature::address_inet6);
  const Behind from = behind(wish, box);
  const auto add_test = [&](std::string test) {
    filter("connect", ir::AccessClass::net, {wish.part().effect, {{"sockaddr", std::move(test)}}, from});
  };
  for (const auto& interval : box.ports.intervals()) {
    if (interval.low == interval.high) {
      add_test(fmt::format("match \"inet-*:{}\"", interval.low));
      continue;
    }
    for (const auto& block : sets::port_regex_blocks(sets::PortSet::range(interval.low, interval.high), sets::PortMode::domain))
      add_test(fmt::format("re \"inet-.*:{}$\"", block));
  }
}

}  // namespace polc::systrace
