// Families, connect and bind lines, and the sockets that both open.
#include <algorithm>

#include "grsecurity/permits.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/socket_numbers.hpp"

namespace polc::grsecurity {
namespace {

using sets::Compare;

constexpr std::uint32_t af_unix = 1, af_inet = 2, af_max = 42;
constexpr std::uint64_t low_half = 0xFFFF'FFFF, type_mask = 0xF;  // SOCK_TYPE_MASK

bool has_number(std::uint32_t family) { return knowledge::family_numbered(family) != Family::other; }

SocketTypes types_of(std::uint32_t bits) {
  SocketTypes types;
  for (const auto& [type, number] : knowledge::socket_type_numbers)
    if ((bits >> number) & 1u) types.insert(type);
  return types;
}

sets::NumberSet udp() { return sets::NumberSet::of(0) | sets::NumberSet::of(17); }

ir::Condition test(std::uint8_t argument, std::uint64_t mask, Compare op, std::uint64_t value) {
  return ir::test_of({argument, mask, op, value, 32});
}

ir::Condition is_among_types(std::uint32_t bits) {
  constexpr std::uint32_t every_type = (1u << (type_mask + 1)) - 1;
  if ((bits & every_type) == every_type) return {};
  std::vector<ir::Condition> tests;
  for (std::uint32_t type = 0; type <= type_mask; ++type)
    if ((bits >> type) & 1u) tests.push_back(test(1, type_mask, Compare::equal, type));
  return ir::any_of(std::move(tests));
}

ir::Condition is_among_protocols(const sets::NumberSet& protocols) {
  if (protocols.is_all()) return {};
  std::vector<ir::Condition> tests;
  for (const auto& interval : protocols.intervals())
    tests.push_back({ir::Condition::Kind::conjunction,
                     {},
                     {test(2, low_half, Compare::greater_equal, interval.low), test(2, low_half, Compare::less_equal, interval.high)}});
  return ir::any_of(std::move(tests));
}

}  // namespace

bool Permits::is_unrestricted() const { return subject().rules.empty() && subject().families.empty() && !subject().all_families; }

std::optional<unsigned> Permits::opens(std::uint32_t family) const {
  if (is_old_ || is_unrestricted()) return 0;
  if (!subject().rules.empty() && (family == af_unix || family == af_inet)) return 0;
  for (const AclFamily& one : subject().families)
    if (one.number == family) return one.line;
  return subject().all_families;
}

void Permits::networks() {
  unix_sockets();
  internet();
  for (const auto& [family, number] : knowledge::family_numbers)
    if (const auto line = opens(number); line && family != Family::unix_family && family != Family::inet)
      stays(target::everything(family), *line);
  for (std::uint32_t number = 0; number < af_max; ++number)
    if (const auto line = opens(number); line && !has_number(number)) return stays(target::everything(Family::other), *line);
}

void Permits::internet() {
  const ir::NetBox all = target::everything(Family::inet);
  ir::NetBox messages = all;  // only those of UDP are looked at
  messages.verbs = {NetVerb::send, NetVerb::receive};
  ir::NetBox not_udp = messages;
  not_udp.types = {SocketType::dgram};
  not_udp.protocols = udp().complement();
  messages.types.remove(SocketType::dgram);
  stays(std::move(messages));
  stays(std::move(not_udp));
  const auto family = opens(af_inet);
  if (!family) return;
  if (subject().rules.empty()) return stays(all, *family);
  add_rules(false);
  add_rules(true);
}

// The first that matches decides, and the end of the list refuses. Neighbours of one effect may change places: one rank.
void Permits::add_rules(bool is_bind) {
  std::vector<const AclRule*> rules;
  for (const AclRule& rule : subject().rules)
    if (rule.is_bind == is_bind && !rule.is_disabled) rules.push_back(&rule);
  std::size_t rank = 0;
  for (std::size_t i = rules.size(); i > 0; --i) {
    const AclRule& rule = *rules[i - 1];
    if (i < rules.size() && rule.is_deny != rules[i]->is_deny) ++rank;
    add_rule(rule, {rule.is_deny ? ir::Effect::deny : ir::Effect::allow, rank, rule.line});
  }
}

// bind lines govern listen and accept too, connect lines UDP's messages by the peer's address.
void Permits::add_rule(const AclRule& rule, At at) {
  ir::NetBox box = target::everything(Family::inet);
  box.verbs = rule.is_bind ? NetVerbs{NetVerb::bind, NetVerb::listen, NetVerb::accept} : NetVerbs{NetVerb::connect};
  box.types = types_of(rule.types);
  box.protocols = rule.protocols;
  if (box.types.empty() || box.protocols.empty() || rule.low_port > rule.high_port) return;  // accepted, and matches nothing
  box.ip4 = sets::Ip4Set::range(rule.address, rule.address | ~rule.mask);
  box.ports = sets::PortSet::range(static_cast<std::uint16_t>(rule.low_port), static_cast<std::uint16_t>(rule.high_port));
  ir::NetBox messages = box;
  add(std::move(box), at);
  messages.verbs = {NetVerb::send, NetVerb::receive};
  messages.types = messages.types & SocketTypes{SocketType::dgram};
  messages.protocols = messages.protocols & udp();
  if (!rule.is_bind && !messages.types.empty() && !messages.protocols.empty()) add(std::move(messages), at);
}

void Permits::calls() {
  for (ir::Box& box : target::everything(ir::AccessClass::syscall, os_)) {
    auto& all = std::get<ir::CallBox>(box);
    std::erase_if(all.calls, [&](CallId call) { return knowledge::call_of(os_, call).name == "socket"; });
    stays(std::move(all));
  }
  sockets();
}

void Permits::sockets() {
  const ir::CallBox socket{{*knowledge::find_call(os_, "socket")}, {}};
  const auto stays_where = [&](ir::Condition condition, unsigned line) {
    ir::CallBox box = socket;
    box.where.terms = {std::move(condition)};
    stays(std::move(box), line);
  };
  const auto unnamed = opens(af_max);  // one that has no word of its own
  if (unnamed) stays_where(test(0, low_half, Compare::not_equal, af_inet), *unnamed);
  if (const auto line = opens(af_unix); line && !unnamed) stays_where(test(0, low_half, Compare::equal, af_unix), *line);
  for (const AclFamily& family : subject().families)
    if (family.number != af_inet && !unnamed) stays_where(test(0, low_half, Compare::equal, family.number), family.line);
  const auto inet = opens(af_inet);
  if (!inet) return;
  if (subject().rules.empty()) return stays_where(test(0, low_half, Compare::equal, af_inet), *inet);
  internet_sockets();
}

// Checked against the union of all types and, apart from it, the union of all protocols: a line opens its types with
// everybody's protocols and its protocols with everybody's types.
void Permits::internet_sockets() {
  std::uint32_t types = 0;
  sets::NumberSet protocols;
  for (const AclRule& rule : subject().rules) {
    types |= rule.types;
    if (!protocols.includes(rule.protocols)) protocols = protocols | rule.protocols;
  }
  const auto stays_with = [&](std::uint32_t some_types, const sets::NumberSet& some_protocols, unsigned line) {
    if (some_types == 0 || some_protocols.empty()) return;
    ir::CallBox box{{*knowledge::find_call(os_, "socket")}, {}};
    box.where.terms = {test(0, low_half, Compare::equal, af_inet), is_among_types(some_types), is_among_protocols(some_protocols)};
    stays(std::move(box), line);
  };
  for (const AclRule& rule : subject().rules) {
    stays_with(rule.types, protocols, rule.line);
    if (rule.types != types) stays_with(types, rule.protocols, rule.line);
  }
}

}  // namespace polc::grsecurity
