#include "learn/nearest.hpp"

#include <algorithm>
#include <string_view>

#include "knowledge/calls.hpp"
#include "support/edit_distance.hpp"

namespace polc::learn {
namespace {

bool holds_place(const std::vector<sets::PathPattern>& places, const std::vector<sets::PathPattern>& wanted) {
  return std::ranges::all_of(wanted, [&](const sets::PathPattern& one) {
    return std::ranges::any_of(places, [&](const sets::PathPattern& place) { return place == one || (one.is_literal() && place.matches(one.literal())); });
  });
}

// What the access leaves open can be met by any value.
bool shares_types(FileTypes rule, FileTypes wanted) { return !(rule & wanted).empty(); }

unsigned changes(const ir::FileBox& rule, const ir::FileBox& wanted) {
  return unsigned{!rule.verbs.includes(wanted.verbs)} + unsigned{!holds_place(rule.places, wanted.places)} + unsigned{!shares_types(rule.types, wanted.types)} +
         unsigned{!rule.owners.any && wanted.owners != rule.owners} + unsigned{(wanted.mode & ~rule.mode) != 0 && wanted.mode != ir::all_mode_bits} +
         unsigned{(wanted.requests & rule.requests).empty()};
}
bool is_near(const ir::FileBox& rule, const ir::FileBox& wanted) { return !(rule.verbs & wanted.verbs).empty(); }

unsigned changes(const ir::PairBox& rule, const ir::PairBox& wanted) {
  return unsigned{!holds_place(rule.from, wanted.from)} + unsigned{!holds_place(rule.to, wanted.to)} + unsigned{!shares_types(rule.types, wanted.types)};
}
bool is_near(const ir::PairBox& rule, const ir::PairBox& wanted) { return !(rule.verbs & wanted.verbs).empty(); }

unsigned changes(const ir::NetBox& rule, const ir::NetBox& wanted) {
  return unsigned{!rule.verbs.includes(wanted.verbs)} + unsigned{!rule.types.includes(wanted.types)} + unsigned{(rule.protocols & wanted.protocols).empty()} +
         unsigned{(rule.ip4 & wanted.ip4).empty() || (rule.ip6 & wanted.ip6).empty()} + unsigned{(rule.ports & wanted.ports).empty()} +
         unsigned{!rule.any_unix_address && !holds_place(rule.paths, wanted.paths)};
}
bool is_near(const ir::NetBox& rule, const ir::NetBox& wanted) { return rule.family == wanted.family && !(rule.verbs & wanted.verbs).empty(); }

// A rule about other calls is near only where one of them is called almost so: `pwrite64` for `pwritev`.
unsigned changes(const ir::CallBox& rule, const ir::CallBox& wanted) {
  return std::ranges::includes(rule.calls, wanted.calls) ? unsigned{rule.where != wanted.where} : 2;
}
bool is_near(const ir::CallBox& rule, const ir::CallBox& wanted) {
  if (std::ranges::includes(rule.calls, wanted.calls)) return true;
  std::vector<std::string_view> names;
  for (const CallId call : rule.calls) names.push_back(knowledge::call_of(Os::linux_os, call).name);
  return std::ranges::any_of(wanted.calls, [&](CallId call) { return nearest_of(knowledge::call_of(Os::linux_os, call).name, names).has_value(); });
}

unsigned changes(const ir::IdentityBox&, const ir::IdentityBox&) { return 1; }
bool is_near(const ir::IdentityBox& rule, const ir::IdentityBox& wanted) { return rule.kind == wanted.kind; }
unsigned changes(const ir::CapabilityBox&, const ir::CapabilityBox&) { return 1; }
bool is_near(const ir::CapabilityBox&, const ir::CapabilityBox&) { return true; }
unsigned changes(const ir::PeerBox& rule, const ir::PeerBox& wanted) { return unsigned{(wanted.what & ~rule.what) != 0} + unsigned{rule.peers != wanted.peers && !rule.any_peer}; }
bool is_near(const ir::PeerBox& rule, const ir::PeerBox& wanted) { return rule.kind == wanted.kind; }

// How many components from the root on a place of the rule shares with what is wanted: of equally near rules the one next door.
std::size_t shared_components(const ir::Box& rule, const ir::Box& wanted) {
  const auto* one = std::get_if<ir::FileBox>(&rule);
  const auto* other = std::get_if<ir::FileBox>(&wanted);
  std::size_t most = 0;
  if (one == nullptr || other == nullptr || other->places.empty()) return most;
  const auto& target = other->places.front().components;
  for (const sets::PathPattern& place : one->places) {
    std::size_t shared = 0;
    while (shared < place.components.size() && shared < target.size() && place.components[shared] == target[shared]) ++shared;
    most = std::max(most, shared);
  }
  return most;
}

std::optional<unsigned> distance(const ir::Box& rule, const ir::Box& wanted) {
  return std::visit(
      [&](const auto& box) -> std::optional<unsigned> {
        const auto* same = std::get_if<std::decay_t<decltype(box)>>(&wanted);
        if (same == nullptr || !is_near(box, *same)) return std::nullopt;
        return changes(box, *same);
      },
      rule);
}

}  // namespace

std::optional<Nearest> nearest_rule(const ir::Policy& policy, const Boxes& boxes) {
  std::optional<Nearest> best;
  std::size_t most_shared = 0;
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
    const ir::Rule& rule = policy.rules[i];
    if (rule.effect != ir::Effect::allow || !rule.acts.empty()) continue;
    for (const ir::Box& box : rule.boxes)
      for (const auto& [wanted, left_out] : boxes)
        if (const auto changed = distance(box, wanted)) {
          const std::size_t shared = shared_components(box, wanted);
          if (best && (*changed > best->changes || (*changed == best->changes && shared <= most_shared))) continue;
          best = Nearest{{i}, *changed}, most_shared = shared;
        }
  }
  return best;
}

}  // namespace polc::learn
