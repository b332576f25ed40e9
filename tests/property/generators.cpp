#include "generators.hpp"

#include <algorithm>
#include <string_view>

#include "knowledge/calls.hpp"
#include "knowledge/relation.hpp"
#include "knowledge/verb_words.hpp"
#include "support/overloaded.hpp"

namespace polc::property {
namespace {

using sets::Component;
using target::Feature;

constexpr std::array<std::string_view, 24> path_texts{
    "/",           "/a",          "/a/b",      "/a/b/c",      "/a/**",      "/a/b/**",      "/a/*",         "/a/*.log",
    "/a/b*",       "/lib/lib*.so", "/a/?",      "/a/[a-c]x",   "/**",        "/**/b",        "/a/**/c",      "/a/**/c/**",
    "/v/tor",      "/v/tor/**",   "/v/tor/s.t", "/v/Tor",      "/e t/x#y",   "/v/*/k",       "/dev/null",    "/v/tor/cached-*"};

constexpr std::array<std::string_view, 12> linux_calls{"read",  "mmap",   "ioctl",   "socket", "kill", "ptrace",
                                                       "prctl", "openat", "getpid", "clone",  "poll", "setuid"};
constexpr std::array<std::string_view, 12> openbsd_calls{"read",  "mmap",   "ioctl",  "socket", "kill",       "ptrace",
                                                         "fcntl", "getpid", "chdir",  "fork",   "socketpair", "poll"};

std::vector<sets::PathPattern> parsed(std::string_view text) {
  auto patterns = sets::parse_path_pattern({std::string(text), {}}, false);
  return patterns ? std::move(*patterns) : std::vector<sets::PathPattern>{};
}

void count_path(const sets::PathPattern& pattern, FeatureCounts& counts) {
  const auto count = [&](Feature f) { ++counts[static_cast<std::size_t>(f)]; };
  if (pattern.is_literal()) count(Feature::path_literal);
  if (pattern.ends_in_below()) count(Feature::path_below);
  if (pattern.has_inner_any()) count(Feature::path_inner_any);
  for (const auto& component : pattern.components)
    if (component.kind == Component::Kind::glob) count(Feature::path_glob);
}

}  // namespace

std::uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

sets::PathPattern Generator::pattern() { return parsed(random_.one_of(path_texts)).front(); }

std::vector<sets::PathPattern> Generator::patterns() {
  std::vector<sets::PathPattern> result{pattern()};
  if (random_.chance(30)) result.push_back(pattern());
  if (random_.chance(30)) result.push_back(result.front().with_below());
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

FileTypes Generator::types() {
  if (random_.chance(60)) return FileTypes::all();
  if (random_.chance(40)) return {FileType::file};
  if (random_.chance(40)) return {FileType::dir};
  const auto bits = static_cast<std::uint32_t>(random_.below(127) + 1);
  return FileTypes::from_bits(bits);
}

ir::OwnerSet Generator::owners() {
  if (random_.chance(85)) return {};
  if (random_.chance(50)) return {false, true, {}};
  return {false, false, {"root"}};
}

ir::Box Generator::file_box() {
  ir::FileBox box;
  for (int i = 0; i < 3; ++i) {
    const auto verb = static_cast<FileVerb>(random_.below(file_verb_names.size()));
    if (verb != FileVerb::rename && verb != FileVerb::link && (i == 0 || random_.chance(40))) box.verbs.insert(verb);
  }
  if (box.verbs.empty()) box.verbs = {FileVerb::read};
  box.places = patterns();
  box.types = types();
  box.owners = owners();
  if (random_.chance(15)) box.mode = 0640;
  if (random_.chance(30)) box.requests = sets::NumberSet::of(0x5401) | sets::NumberSet::range(100, 200);
  if (random_.chance(20)) box.successors = {{ir::Successor::Kind::unconfined, ""}};
  else if (random_.chance(10)) box.successors = {{ir::Successor::Kind::policy, "other"}};
  else if (random_.chance(10)) box.successors.clear();
  return box;
}

ir::Box Generator::pair_box() {
  ir::PairBox box;
  box.verbs = {random_.chance(60) ? FileVerb::rename : FileVerb::link};
  box.from = {pattern()};
  box.to = random_.chance(50) ? box.from : std::vector<sets::PathPattern>{pattern()};
  box.types = types();
  return box;
}

ir::Box Generator::net_box() {
  ir::NetBox box;
  box.verbs = {static_cast<NetVerb>(random_.below(net_verb_names.size()))};
  if (random_.chance(30)) box.verbs.insert(static_cast<NetVerb>(random_.below(net_verb_names.size())));
  const std::array families{Family::inet, Family::inet,  Family::inet,    Family::inet6,
                            Family::inet6, Family::unix_family, Family::netlink, Family::packet, Family::other};
  box.family = random_.one_of(families);
  if (box.family == Family::netlink) box.types = {SocketType::dgram, SocketType::raw};  // it has no others
  const bool internet = box.family == Family::inet || box.family == Family::inet6;
  if (internet) {
    const bool tcp = random_.chance(60);
    box.types = {tcp ? SocketType::stream : SocketType::dgram};
    box.protocols = sets::NumberSet::of(0) | sets::NumberSet::of(tcp ? 6 : 17);
    if (random_.chance(10)) box.types = {SocketType::raw}, box.protocols = sets::NumberSet::of(box.family == Family::inet ? 1 : 58);
    const std::array ports{sets::PortSet::all(), sets::PortSet::of(443), sets::PortSet::of(80) | sets::PortSet::of(443),
                           sets::PortSet::range(1024, 65535), sets::PortSet::range(9001, 9100)};
    if (box.types != SocketTypes{SocketType::raw}) box.ports = random_.one_of(ports);
  }
  const std::array<sets::Ip4Set, 5> hosts{sets::Ip4Set::all(), sets::Ip4Set::of(0x7F000001), sets::Ip4Set::range(0x0A000000, 0x0AFFFFFF),
                                          sets::Ip4Set::range(0xAC100000, 0xAC1FFFFF), sets::Ip4Set::of(0)};
  if (box.family == Family::inet) box.ip4 = random_.one_of(hosts);
  const sets::Uint128 documentation = sets::Uint128{0x20010DB8} << 96;
  const std::array<sets::Ip6Set, 3> hosts6{sets::Ip6Set::all(), sets::Ip6Set::of(1),
                                           sets::Ip6Set::range(documentation, documentation + ((sets::Uint128{1} << 96) - 1))};
  if (box.family == Family::inet6) box.ip6 = random_.one_of(hosts6);
  if (box.family != Family::unix_family) return box;
  if (random_.chance(50)) box.types = {SocketType::stream};
  if (random_.chance(70)) box.any_unix_address = false, box.paths = patterns();
  else if (random_.chance(40)) box.any_unix_address = false, box.abstracts = sets::parse_name_pattern({"bus*", {}}).value();
  return box;
}

ir::Condition Generator::condition(unsigned depth) {
  ir::Condition result;
  const auto roll = depth == 0 ? 0 : random_.below(4);
  if (roll == 0) {
    result.kind = ir::Condition::Kind::test;
    const std::array values{std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{6}, ~std::uint64_t{0}, std::uint64_t{0x5401}};
    const std::array masks{~std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{0xFFFFFFFF}, std::uint64_t{3}};
    result.test.argument = static_cast<std::uint8_t>(random_.below(3));
    result.test.mask = random_.one_of(masks);
    result.test.op = static_cast<sets::Compare>(random_.below(6));
    result.test.value = random_.one_of(values);
    result.test.width = random_.chance(50) ? 32 : 64;
    result.test.is_signed = random_.chance(30);
    return result;
  }
  result.kind = roll == 1 ? ir::Condition::Kind::negation : roll == 2 ? ir::Condition::Kind::conjunction : ir::Condition::Kind::disjunction;
  result.terms.push_back(condition(depth - 1));
  if (roll != 1) result.terms.push_back(condition(depth - 1));
  return result;
}

ir::Box Generator::call_box() {
  ir::CallBox box;
  if (random_.chance(20)) {
    const auto pattern = knowledge::socket_call(os_, Family::inet, random_.chance(50) ? SocketType::stream : SocketType::dgram, 0);
    box.calls = {pattern.call};
    box.where = ir::condition_of(pattern.where);
    return box;
  }
  const auto& names = os_ == Os::openbsd ? openbsd_calls : linux_calls;
  for (int i = 0; i < 2; ++i)
    if (const auto call = knowledge::find_call(os_, random_.one_of(names)); call && (i == 0 || random_.chance(40)))
      box.calls.push_back(*call);
  std::sort(box.calls.begin(), box.calls.end());
  box.calls.erase(std::unique(box.calls.begin(), box.calls.end()), box.calls.end());
  if (random_.chance(30)) box.where = condition(2);
  return box;
}

ir::Box Generator::identity_box() {
  ir::IdentityBox box;
  box.kind = random_.chance(50) ? ir::IdentityKind::user : ir::IdentityKind::group;
  const auto roll = random_.below(4);
  if (roll == 0) box.ids = sets::NumberSet::all();
  if (roll == 1) box.ids = sets::NumberSet::range(1000, 1002);
  if (roll == 2) box.accounts = {{"_tor", true, 1001}};
  if (roll == 3) box.accounts = {{"debian-tor", false, 0}};
  return box;
}

ir::Box Generator::peer_box() {
  ir::PeerBox box;
  box.kind = random_.chance(60) ? ir::PeerKind::signal : ir::PeerKind::ptrace;
  box.what = box.kind == ir::PeerKind::signal ? (std::uint64_t{1} << (random_.below(15) + 1)) : random_.below(3) + 1;
  box.any_peer = random_.chance(40);
  if (!box.any_peer) box.peers = {{random_.chance(50) ? ir::Peer::Kind::self : ir::Peer::Kind::children, ""}};
  return box;
}

ir::Box Generator::box() {
  const auto roll = random_.below(100);
  if (roll < 42) return file_box();
  if (roll < 50) return pair_box();
  if (roll < 75) return net_box();
  if (roll < 88) return call_box();
  if (roll < 92) return identity_box();
  if (roll < 96) return ir::CapabilityBox{std::uint64_t{1} << random_.below(41)};
  return peer_box();
}

ir::Rule Generator::rule() {
  ir::Rule result;
  result.effect = random_.chance(82) ? ir::Effect::allow : ir::Effect::deny;
  result.boxes.push_back(box());
  if (random_.chance(15)) result.boxes.push_back(box());
  result.origin = {{}};
  return result;
}

ir::Policy Generator::policy() {
  ir::Policy policy;
  policy.name = "generated";
  policy.configuration.os = os_;
  policy.programs = {"/usr/bin/generated"};
  const auto count = random_.below(5) + 1;
  for (std::uint64_t i = 0; i < count; ++i) policy.rules.push_back(rule());
  if (random_.chance(20)) policy.limits.push_back({7, 1024 * (random_.below(4) + 1), {}});
  if (random_.chance(30)) {
    ir::Default reaction;
    reaction.reaction.kind = static_cast<ir::Reaction::Kind>(random_.below(4));
    if (reaction.reaction.kind == ir::Reaction::Kind::deny && random_.chance(60)) reaction.reaction.error_name = "EACCES";
    reaction.reaction.log = random_.chance(30);
    policy.defaults.push_back(reaction);
  }
  return policy;
}

// `modify P type not dir`, `any P` of both effects, `VERBS inet TYPE`.
ir::Rule Generator::word_rule() {
  ir::Rule result;
  result.effect = random_.chance(70) ? ir::Effect::allow : ir::Effect::deny;
  result.origin = {{}};
  const auto roll = random_.below(3);
  if (roll == 2) {
    ir::NetBox box;
    box.verbs = random_.chance(50) ? NetVerbs::all() : NetVerbs{NetVerb::connect, NetVerb::send};
    box.family = random_.chance(50) ? Family::inet : Family::inet6;
    if (random_.chance(70)) box.types = {static_cast<SocketType>(random_.below(socket_type_names.size()))};
    result.boxes.push_back(std::move(box));
    return result;
  }
  constexpr FileVerbs pairs{FileVerb::rename, FileVerb::link};
  ir::FileBox box;
  box.verbs = roll == 0 ? knowledge::modifying_verbs : FileVerbs::all() - pairs;
  box.places = patterns();
  if (random_.chance(50)) box.types = FileTypes::all() - FileTypes{FileType::dir};
  if (result.effect == ir::Effect::deny && roll == 1) box.successors.clear();
  const auto places = box.places, everywhere = sets::every_path();
  const FileTypes types = box.types;
  result.boxes.push_back(std::move(box));
  if (roll == 0) return result;
  if (result.effect == ir::Effect::allow) {
    result.boxes.push_back(ir::PairBox{pairs, places, places, types, {}});
  } else {
    result.boxes.push_back(ir::PairBox{pairs, places, everywhere, types, {}});
    result.boxes.push_back(ir::PairBox{pairs, everywhere, places, types, {}});
  }
  return result;
}

ir::Policy Generator::policy_with_words() {
  ir::Policy made = policy();
  made.rules.push_back(word_rule());
  return made;
}

void count_features(const ir::Policy& policy, FeatureCounts& counts) {
  const auto count = [&](Feature f) { ++counts[static_cast<std::size_t>(f)]; };
  const auto count_verbs = [&](auto verbs, Feature first) {
    verbs.for_each([&](auto verb) { ++counts[static_cast<std::size_t>(first) + static_cast<std::size_t>(verb)]; });
  };
  for (const auto& rule : policy.rules) {
    if (rule.effect == ir::Effect::deny) count(Feature::deny_rule);
    for (const auto& box : rule.boxes)
      std::visit(Overloaded{[&](const ir::FileBox& b) {
                              count_verbs(b.verbs, Feature::file_read);
                              for (const auto& place : b.places) count_path(place, counts);
                              if (!b.types.is_all()) count(Feature::qualifier_type);
                              if (!b.owners.any) count(Feature::qualifier_owner);
                              const bool moded = b.verbs.contains(FileVerb::create) || b.verbs.contains(FileVerb::chmod);
                              if (b.mode != ir::all_mode_bits && moded) count(Feature::qualifier_mode);
                              if (!b.requests.is_all() && b.verbs.contains(FileVerb::ioctl)) count(Feature::qualifier_request);
                              if (!b.verbs.contains(FileVerb::exec)) return;
                              for (const auto& successor : b.successors) {
                                if (successor.kind == ir::Successor::Kind::unconfined) count(Feature::successor_unconfined);
                                if (successor.kind == ir::Successor::Kind::policy) count(Feature::successor_policy);
                              }
                            },
                            [&](const ir::PairBox& b) { count_verbs(b.verbs, Feature::file_read); },
                            [&](const ir::NetBox& b) {
                              count_verbs(b.verbs, Feature::net_connect);
                              count(Feature::net_protocol);
                              if (b.family == Family::inet) count(Feature::address_inet);
                              if (b.family == Family::inet6) count(Feature::address_inet6);
                              if (!b.ports.is_all()) count(Feature::address_port);
                              if (b.family == Family::unix_family && !b.paths.empty()) count(Feature::address_unix);
                              if (b.family == Family::unix_family && !b.abstracts.empty()) count(Feature::address_abstract);
                              if (b.family == Family::netlink) count(Feature::family_netlink);
                              if (b.family == Family::packet) count(Feature::family_packet);
                              if (b.family == Family::other) count(Feature::family_other);
                            },
                            [&](const ir::CallBox& b) {
                              count(Feature::call);
                              if (!b.where.is_always()) count(Feature::call_arguments);
                              const auto socket = knowledge::socket_call(policy.configuration.os).call;
                              if (std::binary_search(b.calls.begin(), b.calls.end(), socket)) count(Feature::socket_creation);
                            },
                            [&](const ir::IdentityBox& b) {
                              count(b.kind == ir::IdentityKind::user ? Feature::identity_user : Feature::identity_group);
                              if (!b.accounts.empty()) count(Feature::identity_name);
                            },
                            [&](const ir::CapabilityBox&) { count(Feature::capability); },
                            [&](const ir::PeerBox& b) { count(b.kind == ir::PeerKind::signal ? Feature::signal : Feature::ptrace); }},
                 box);
  }
  if (!policy.limits.empty()) count(Feature::limit);
  for (const auto& d : policy.defaults) {
    if (!d.reaction.error_name.empty()) count(Feature::reaction_errno);
    if (d.reaction.kind == ir::Reaction::Kind::kill) count(Feature::reaction_kill);
    if (d.reaction.kind == ir::Reaction::Kind::hidden) count(Feature::reaction_hidden);
    if (d.reaction.kind == ir::Reaction::Kind::log) count(Feature::reaction_trial);
    else if (d.reaction.log) count(Feature::reaction_log);
  }
}

}  // namespace polc::property
