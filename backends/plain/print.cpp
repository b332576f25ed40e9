#include <fmt/format.h>

#include <array>

#include "knowledge/calls.hpp"
#include "plain/model.hpp"
#include "support/overloaded.hpp"

namespace polc::plain {
namespace {

using Strings = std::vector<std::string>;

// A value may hold any byte: what separates values, fields or lines is written %HH.
std::string encoded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_special = byte <= 0x20 || byte == 0x7F || c == '%' || c == ',' || value == "-";
    out += is_special ? fmt::format("%{:02X}", byte) : std::string(1, c);
  }
  return out;
}

// `a,b`; an empty list is `-`, so that it differs from a field that is left out.
std::string list(const Strings& values) { return values.empty() ? "-" : fmt::format("{}", fmt::join(values, ",")); }
std::string field(std::string_view key, const Strings& values) { return fmt::format(" {}={}", key, list(values)); }

template <class Set>
Strings names(Set set) {
  Strings out;
  set.for_each([&](auto member) { out.emplace_back(name_of(member)); });
  return out;
}

Strings patterns(const std::vector<sets::PathPattern>& all) {
  Strings out;
  for (const sets::PathPattern& pattern : all) out.push_back(encoded(pattern.text()));
  return out;
}

template <class Number>
Strings ranges(const sets::IntervalSet<Number>& set) {
  constexpr const char* form = sizeof(Number) == 16 ? "{:#x}" : "{}";  // an IPv6 address is one long number
  Strings out;
  for (const auto& [low, high] : set.intervals()) {
    out.push_back(fmt::format(fmt::runtime(form), low));
    if (low != high) out.back() += '-' + fmt::format(fmt::runtime(form), high);
  }
  return out;
}

std::string ip4_field(const sets::Ip4Set& set) {
  if (set.is_all()) return "";
  const auto dotted = [](std::uint32_t a) {
    return fmt::format("{}.{}.{}.{}", a >> 24, (a >> 16) & 0xFF, (a >> 8) & 0xFF, a & 0xFF);
  };
  Strings out;
  for (const auto& [low, high] : set.intervals())
    out.push_back(low == high ? dotted(low) : dotted(low) + '-' + dotted(high));
  return field("ip4", out);
}

// A dimension at its widest is left out.
template <class Number>
std::string range_field(std::string_view key, const sets::IntervalSet<Number>& set) {
  return set.is_all() ? "" : field(key, ranges(set));
}
template <class Set>
std::string name_field(std::string_view key, Set set) {
  return set.is_all() ? "" : field(key, names(set));
}

std::string owner_field(const ir::OwnerSet& owners) {
  if (owners.any) return "";
  Strings values;
  if (owners.self) values.emplace_back("self");
  for (const std::string& name : owners.names) values.push_back("user:" + encoded(name));
  return field("owner", values);
}

std::string successor_field(const std::vector<ir::Successor>& successors) {
  if (successors == std::vector{ir::Successor{}}) return "";
  Strings values;
  for (const ir::Successor& successor : successors) {
    switch (successor.kind) {
      case ir::Successor::Kind::same: values.emplace_back("same"); break;
      case ir::Successor::Kind::unconfined: values.emplace_back("unconfined"); break;
      case ir::Successor::Kind::policy: values.push_back("policy:" + encoded(successor.policy)); break;
    }
  }
  return field("successor", values);
}

std::string words_of(const ir::FileBox& box) {
  const std::string mode = box.mode == ir::all_mode_bits ? "" : fmt::format(" mode={:#o}", box.mode);
  return "file " + list(names(box.verbs)) + field("path", patterns(box.places)) + name_field("type", box.types) +
         owner_field(box.owners) + mode + range_field("request", box.requests) + successor_field(box.successors);
}

std::string words_of(const ir::PairBox& box) {
  return "pair " + list(names(box.verbs)) + field("from", patterns(box.from)) + field("to", patterns(box.to)) +
         name_field("type", box.types) + owner_field(box.owners);
}

std::string words_of(const ir::NetBox& box) {
  std::string out = fmt::format("net {} {}", list(names(box.verbs)), name_of(box.family));
  out += name_field("type", box.types) + range_field("protocol", box.protocols) + ip4_field(box.ip4) +
         range_field("ip6", box.ip6) + range_field("port", box.ports);
  if (!box.any_unix_address) out += field("path", patterns(box.paths)) + field("abstract", patterns(box.abstracts));
  return out;
}

std::string words_of(Os os, const ir::CallBox& box) {
  Strings calls;
  for (const CallId call : box.calls) calls.emplace_back(knowledge::call_of(os, call).name);
  return "call " + list(calls) + (box.where.is_always() ? "" : " where=" + condition_of(box.where));
}

// An account is NAME:NUMBER, either of which may be missing.
std::string words_of(const ir::IdentityBox& box) {
  Strings accounts;
  for (const ir::Account& account : box.accounts)
    accounts.push_back(encoded(account.name) + (account.has_id ? fmt::format(":{}", account.id) : ":"));
  return fmt::format("{}{}{}", box.kind == ir::IdentityKind::user ? "user" : "group", field("id", ranges(box.ids)),
                     accounts.empty() ? "" : field("account", accounts));
}

Strings bits(std::uint64_t set) {
  sets::NumberSet numbers;
  for (std::uint32_t i = 0; i < 64; ++i)
    if ((set >> i) & 1u) numbers = numbers | sets::NumberSet::of(i);
  return ranges(numbers);
}

std::string words_of(const ir::CapabilityBox& box) { return "capability " + list(bits(box.capabilities)); }

std::string words_of(const ir::PeerBox& box) {
  Strings peers;
  if (box.any_peer) peers.emplace_back("any");
  for (const ir::Peer& peer : box.peers) {
    switch (peer.kind) {
      case ir::Peer::Kind::self: peers.emplace_back("self"); break;
      case ir::Peer::Kind::children: peers.emplace_back("children"); break;
      case ir::Peer::Kind::policy: peers.push_back("policy:" + encoded(peer.policy)); break;
      case ir::Peer::Kind::other: peers.emplace_back("other"); break;
    }
  }
  return fmt::format("{} {}{}", box.kind == ir::PeerKind::signal ? "signal" : "ptrace", list(bits(box.what)),
                     field("to", peers));
}

std::string reaction_line(Os os, const ir::Default& d) {
  constexpr std::array<std::string_view, 4> words{"deny", "kill", "hidden", "log"};
  std::string out = fmt::format("default {}", words[static_cast<std::size_t>(d.reaction.kind)]);
  if (!d.reaction.error_name.empty()) out += " errno=" + d.reaction.error_name;
  if (d.reaction.log) out += " log=yes";
  if (d.klass) out += fmt::format(" class={}", name_of(*d.klass));
  if (d.call) out += fmt::format(" call={}", knowledge::call_of(os, *d.call).name);
  return out;
}

}  // namespace

std::string line_of(Os os, ir::Effect effect, const ir::Box& box) {
  const std::string words = std::visit(
      Overloaded{[](const ir::FileBox& b) { return words_of(b); }, [](const ir::PairBox& b) { return words_of(b); },
                 [](const ir::NetBox& b) { return words_of(b); }, [&](const ir::CallBox& b) { return words_of(os, b); },
                 [](const ir::IdentityBox& b) { return words_of(b); },
                 [](const ir::CapabilityBox& b) { return words_of(b); },
                 [](const ir::PeerBox& b) { return words_of(b); }},
      box);
  return fmt::format("{} {}", name_of(effect), words);
}

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings&) {
  const auto& lines = *static_cast<const std::vector<ChosenLine>*>(chosen.ruleset.get());
  const ir::Policy& policy = source.policy;
  const Os os = policy.configuration.os;
  const auto is_ours = [](const auto& node) { return node.target.empty() || node.target == "plain"; };
  const auto directive = [](std::string_view why) { return target::Origin{target::Origin::Kind::fixed, {}, why}; };
  target::Printed out;
  out.comment(fmt::format("plain 1 {} {} {}", policy.name, name_of(os), name_of(policy.configuration.arch)));
  out.mark_head();
  for (const ir::Default& d : policy.defaults)
    if (is_ours(d)) out.add(reaction_line(os, d), directive("how what is refused ends"));
  for (const ir::Limit& limit : policy.limits) out.add(fmt::format("limit {} {}", limit.resource, limit.bound), directive("a limit"));
  std::optional<ir::RuleId> rule;
  for (const ChosenLine& line : lines) {
    const ir::RuleId first = source.parts[line.from].rules.front();
    if (first != rule) out.comment("# " + diag::place_of(source.sources, policy.rules[first.value].origin.front()));
    rule = first;
    out.add(line_of(os, line.effect, line.box), {target::Origin::Kind::rules, {line.from}});
  }
  for (std::uint32_t i = 0; i < policy.raws.size(); ++i)
    if (policy.raws[i].target == "plain") out.add(policy.raws[i].text, {target::Origin::Kind::raw, {i}});
  return out;
}

}  // namespace polc::plain
