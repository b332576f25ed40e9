// meaning_of: the rules, and the calls that they imply (language.md, section 1: C). Which verbs imply which others is
// followed when a point is decided (meaning.cpp) and compared (columns.cpp); calls are added here as parts of their own,
// because they are the same for whole groups of rules. A call is implied only by an access that some deny leaves alive.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "eval/compare.hpp"
#include "eval/meaning.hpp"
#include "knowledge/implied.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

// What decides which calls an access implies.
struct FileNeed {
  FileVerb verb;
  FileType type;
  auto operator<=>(const FileNeed&) const = default;
};
struct NetNeed {
  NetVerb verb;
  Family family;
  SocketType type;
  bool named = false;  // false: the protocol `any`, which implies no socket
  std::vector<std::uint32_t> protocols;  // empty: every protocol
  auto operator<=>(const NetNeed&) const = default;
};
struct ProcessNeed {
  enum class Kind : std::uint8_t { user, group, capability, signal, ptrace } kind{};
  std::uint64_t capability = 0;
  auto operator<=>(const ProcessNeed&) const = default;
};
using Need = std::variant<FileNeed, NetNeed, ProcessNeed>;
using Needs = std::map<Need, std::vector<ir::RuleId>>;

// A protocol set of more than this many numbers is not spelled out: its socket call is implied for all of them.
constexpr std::uint64_t spelled_out_at_most = 16;

std::vector<std::uint32_t> spelled_out(const sets::NumberSet& protocols) {
  std::uint64_t count = 0;
  for (const auto& interval : protocols.intervals()) count += std::uint64_t{interval.high} - interval.low + 1;
  std::vector<std::uint32_t> result;
  if (count > spelled_out_at_most) return result;
  for (const auto& interval : protocols.intervals())
    for (std::uint64_t n = interval.low; n <= interval.high; ++n) result.push_back(static_cast<std::uint32_t>(n));
  return result;
}

FileVerbs with_implied(FileVerbs verbs) {
  FileVerbs result = verbs;
  for (const auto& [of, also] : knowledge::implied_file_verbs())
    if (verbs.contains(of)) result.insert(also);
  return result;
}

bool implies_socket(NetVerb verb) {
  return verb == NetVerb::connect || verb == NetVerb::bind || verb == NetVerb::send;
}

NetVerbs with_implied(const ir::NetBox& box) {
  const bool udp = box.types.contains(SocketType::dgram) && (box.protocols.contains(0) || box.protocols.contains(17)) &&
                   (box.family == Family::inet || box.family == Family::inet6);
  if (!udp || !box.verbs.contains(NetVerb::connect)) return box.verbs;
  return box.verbs | NetVerbs{NetVerb::send, NetVerb::receive};
}

void add_needs(const ir::Box& box, bool any_protocol, std::vector<Need>& out) {
  std::visit(Overloaded{
                 [&](const ir::FileBox& b) {
                   with_implied(b.verbs).for_each([&](FileVerb verb) {
                     b.types.for_each([&](FileType type) { out.emplace_back(FileNeed{verb, type}); });
                   });
                 },
                 [&](const ir::PairBox& b) {
                   b.verbs.for_each([&](FileVerb verb) {
                     b.types.for_each([&](FileType type) { out.emplace_back(FileNeed{verb, type}); });
                   });
                 },
                 [&](const ir::NetBox& b) {
                   with_implied(b).for_each([&](NetVerb verb) {
                     const bool named = !any_protocol && implies_socket(verb);
                     b.types.for_each([&](SocketType type) {
                       out.emplace_back(NetNeed{verb, b.family, type, named,
                                                named ? spelled_out(b.protocols) : std::vector<std::uint32_t>{}});
                     });
                   });
                   if (b.family == Family::unix_family && b.verbs.contains(NetVerb::bind) &&
                       (b.any_unix_address || !b.paths.empty()))
                     out.emplace_back(FileNeed{FileVerb::create, FileType::socket});
                 },
                 [](const ir::CallBox&) {},
                 [&](const ir::IdentityBox& b) {
                   out.emplace_back(ProcessNeed{b.kind == ir::IdentityKind::user ? ProcessNeed::Kind::user
                                                                                 : ProcessNeed::Kind::group});
                 },
                 [&](const ir::CapabilityBox& b) {
                   for (std::uint64_t n = 0; n < 64; ++n)
                     if ((b.capabilities >> n) & 1u) out.emplace_back(ProcessNeed{ProcessNeed::Kind::capability, n});
                 },
                 [&](const ir::PeerBox& b) {
                   out.emplace_back(ProcessNeed{b.kind == ir::PeerKind::signal ? ProcessNeed::Kind::signal
                                                                               : ProcessNeed::Kind::ptrace});
                 },
             },
             box);
}

// The need without what only its socket call depends on.
Need bare(Need need) {
  if (auto* net = std::get_if<NetNeed>(&need)) net->named = false, net->protocols.clear();
  return need;
}

// The need that an allowed point has; the calls that perform a call are itself.
std::optional<Need> need_of(const ir::Point& point) {
  using Kind = ProcessNeed::Kind;
  using Found = std::optional<Need>;
  return std::visit(
      Overloaded{[](const ir::FilePoint& p) -> Found { return FileNeed{p.verb, p.type}; },
                 [](const ir::PairPoint& p) -> Found { return FileNeed{p.verb, p.type}; },
                 [](const ir::NetPoint& p) -> Found { return NetNeed{p.verb, p.family, p.type, false, {}}; },
                 [](const ir::CallPoint&) -> Found { return std::nullopt; },
                 [](const ir::IdentityPoint& p) -> Found {
                   return ProcessNeed{p.kind == ir::IdentityKind::user ? Kind::user : Kind::group};
                 },
                 [](const ir::CapabilityPoint& p) -> Found { return ProcessNeed{Kind::capability, p.capability}; },
                 [](const ir::PeerPoint& p) -> Found {
                   return ProcessNeed{p.kind == ir::PeerKind::signal ? Kind::signal : Kind::ptrace};
                 }},
      point);
}

bool is_any_protocol(const ir::Rule& rule) {
  return std::any_of(rule.boxes.begin(), rule.boxes.end(), [](const ir::Box& box) {
    const auto* net = std::get_if<ir::NetBox>(&box);
    return net != nullptr && net->family == Family::other;
  });
}

std::vector<knowledge::CallPattern> calls_for(Os os, Arch arch, const NetNeed& need) {
  std::vector<knowledge::CallPattern> calls = knowledge::calls_for_net(os, need.verb, need.family, arch);
  if (!need.named) return calls;
  if (need.protocols.empty()) calls.push_back(knowledge::socket_call(os, need.family, need.type, arch));
  for (const std::uint32_t protocol : need.protocols)
    calls.push_back(knowledge::socket_call(os, need.family, need.type, protocol, arch));
  return calls;
}

std::vector<knowledge::CallPattern> calls_for(Os os, Arch arch, const ProcessNeed& need) {
  switch (need.kind) {
    case ProcessNeed::Kind::user: return knowledge::calls_for_setuid(os, arch);
    case ProcessNeed::Kind::group: return knowledge::calls_for_setgid(os, arch);
    case ProcessNeed::Kind::capability: return knowledge::calls_for_capability(os, need.capability, arch);
    case ProcessNeed::Kind::signal: return knowledge::calls_for_signal(os, arch);
    case ProcessNeed::Kind::ptrace: return knowledge::calls_for_ptrace(os, arch);
  }
  return {};
}

std::vector<knowledge::CallPattern> calls_for(Os os, Arch arch, const Need& need) {
  return std::visit(
      Overloaded{[&](const FileNeed& n) { return knowledge::calls_for_file(os, n.verb, n.type, arch); },
                 [&](const auto& n) { return calls_for(os, arch, n); }},
      need);
}

ir::Box box_of(const knowledge::CallPattern& pattern) {
  ir::CallBox box{{pattern.call}, {}};
  for (const auto& test : pattern.tests) {
    ir::Condition term;
    term.kind = ir::Condition::Kind::test;
    term.test = {test.argument, test.mask, test.equal ? sets::Compare::equal : sets::Compare::not_equal, test.value, 64, false};
    box.where.terms.push_back(std::move(term));
  }
  return box;
}

// compare() treats types that no box tells apart as one; with a box for each type that is needed, it tells them apart.
Meaning splitter(const Needs& needs, Os os) {
  std::vector<Part> parts;
  for (const auto& [need, rules] : needs)
    if (const auto* file = std::get_if<FileNeed>(&need)) {
      ir::FileBox box;
      box.places = {sets::PathPattern{}};
      box.types = {file->type};
      parts.push_back({ir::Effect::allow, std::move(box), rules, false});
    }
  return make_meaning(std::move(parts), os, false);
}

// A deny may leave nothing of a verb alive; then its calls are not implied. Only asked where there is a deny at all.
void drop_dead(Needs& needs, const std::vector<Part>& parts, Os os) {
  const bool any_deny = std::any_of(parts.begin(), parts.end(), [](const Part& part) {
    return part.effect == ir::Effect::deny && !std::holds_alternative<ir::CallBox>(part.box);
  });
  if (!any_deny) return;
  const Meaning base = make_meaning(parts, os, true);
  const Meaning types = splitter(needs, os);
  const Meaning* const sides[] = {&base, &types};
  const Term allowed{.in = side(0)};
  std::set<Need> alive;
  sets::Budget budget;
  const bool complete = compare(sides, std::span(&allowed, 1), budget, [&](const ir::Point& point, TermSet) {
    if (auto need = need_of(point)) alive.insert(std::move(*need));
    return true;
  });
  // Too complex to tell: all are kept, which only allows calls that then find nothing to do.
  if (complete) std::erase_if(needs, [&](const auto& entry) { return alive.count(bare(entry.first)) == 0; });
}

// Both are sorted. Many needs are those of the same rules.
void add_sorted(const std::vector<ir::RuleId>& more, std::vector<ir::RuleId>& into) {
  if (more == into) return;
  std::vector<ir::RuleId> both;
  both.reserve(into.size() + more.size());
  std::set_union(into.begin(), into.end(), more.begin(), more.end(), std::back_inserter(both));
  into = std::move(both);
}

}  // namespace

Meaning meaning_of(const ir::Policy& policy) {
  std::vector<Part> parts;
  parts.reserve(policy.rules.size() + 64);  // most rules are one box; and the calls
  Needs needs;
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
    const ir::Rule& rule = policy.rules[i];
    std::vector<Need> needed;
    for (const ir::Box& box : rule.boxes) {
      parts.push_back({rule.effect, box, {ir::RuleId{i}}, false});
      if (rule.effect == ir::Effect::allow) add_needs(box, is_any_protocol(rule), needed);
    }
    for (const Need& need : needed)
      if (auto& rules = needs[need]; rules.empty() || rules.back() != ir::RuleId{i}) rules.push_back(ir::RuleId{i});
  }
  const Os os = policy.configuration.os;
  drop_dead(needs, parts, os);
  std::map<std::vector<std::uint64_t>, std::size_t> known;  // a call pattern, spelled out -> its place in parts
  for (const auto& [need, rules] : needs)
    for (const auto& pattern : calls_for(os, policy.configuration.arch, need)) {
      std::vector<std::uint64_t> key{pattern.call.value};
      for (const auto& test : pattern.tests) key.insert(key.end(), {test.argument, test.mask, test.equal, test.value});
      const auto [place, is_new] = known.emplace(std::move(key), parts.size());
      if (is_new) parts.push_back({ir::Effect::allow, box_of(pattern), {}, true});
      add_sorted(rules, parts[place->second].rules);
    }
  return make_meaning(std::move(parts), os, true);
}

}  // namespace polc::eval
