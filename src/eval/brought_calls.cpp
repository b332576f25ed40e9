#include "eval/brought_calls.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "eval/argument_sets.hpp"
#include "eval/compare.hpp"
#include "eval/rule_parameters.hpp"
#include "knowledge/names.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

using knowledge::CallPattern;
using knowledge::Parameter;
using knowledge::Relation;
using Rules = std::vector<ir::RuleId>;  // sorted

/// Both are sorted. Many needs are those of the same rules.
void add_sorted(const Rules& more, Rules& into) {
  if (more == into) return;
  Rules both;
  both.reserve(into.size() + more.size());
  std::set_union(into.begin(), into.end(), more.begin(), more.end(), std::back_inserter(both));
  into = std::move(both);
}

// ---- what rules ask for, each once

/// A file access of a type, with what rules name beside it.
struct FileAccess {
  FileVerb verb{};
  FileType type{};
  auto operator<=>(const FileAccess&) const = default;
};
struct FileUse {
  Rules rules;
  std::set<std::uint16_t> modes;  // create, chmod
  sets::NumberSet requests;       // ioctl
};

struct NetAccess {
  NetVerb verb{};
  Family family{};
  SocketType type{};
  bool makes_socket = false;  // false: the protocol `any`, which brings no socket
  std::vector<std::uint32_t> protocols = {};  // empty: every protocol
  auto operator<=>(const NetAccess&) const = default;
};

/// Of signals: bits, by whom they are for.
enum class To : std::uint8_t { self, children, others };
constexpr std::string_view word_of(To to) { return to == To::self ? "self" : to == To::children ? "children" : "others"; }

struct Asked {
  std::map<FileAccess, FileUse> files;
  std::map<NetAccess, Rules> nets;
  struct Bits {
    std::uint64_t bits = 0;
    Rules rules;
  };
  std::map<To, Bits> signals;
  Bits ptrace;
  struct Ids {
    sets::NumberSet ids;
    Rules rules;
  };
  std::map<ir::IdentityKind, Ids> ids;
  std::map<unsigned, Rules> capabilities;
};

// A protocol set of more than this many numbers is not spelled out: its socket call is brought for all of them.
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

bool brings_socket(NetVerb verb) { return verb == NetVerb::connect || verb == NetVerb::bind || verb == NetVerb::send; }

NetVerbs with_implied(const ir::NetBox& box) {
  const bool udp = box.types.contains(SocketType::dgram) && (box.protocols.contains(0) || box.protocols.contains(17)) &&
                   (box.family == Family::inet || box.family == Family::inet6);
  if (!udp || !box.verbs.contains(NetVerb::connect)) return box.verbs;
  return box.verbs | NetVerbs{NetVerb::send, NetVerb::receive};
}

To whom(const ir::PeerBox& box) {
  if (box.any_peer) return To::others;
  const auto is_self = [](const ir::Peer& peer) { return peer.kind == ir::Peer::Kind::self; };
  if (std::all_of(box.peers.begin(), box.peers.end(), is_self)) return To::self;
  const auto is_near = [&](const ir::Peer& peer) { return is_self(peer) || peer.kind == ir::Peer::Kind::children; };
  return std::all_of(box.peers.begin(), box.peers.end(), is_near) ? To::children : To::others;
}

class Collector {
 public:
  explicit Collector(Asked& asked) : asked_(asked) {}

  void add(const ir::Rule& rule, ir::RuleId id) {
    rule_ = id;
    any_protocol_ = std::any_of(rule.boxes.begin(), rule.boxes.end(), [](const ir::Box& box) {
      const auto* net = std::get_if<ir::NetBox>(&box);
      return net != nullptr && net->family == Family::other;
    });
    for (const ir::Box& box : rule.boxes) std::visit([&](const auto& b) { add(b); }, box);
  }

 private:
  void add(const ir::FileBox& box) {
    with_implied(box.verbs).for_each([&](FileVerb verb) {
      box.types.for_each([&](FileType type) {
        FileUse& use = asked_.files[{verb, type}];
        note(use.rules);
        use.modes.insert(box.mode);
        if (verb == FileVerb::ioctl) use.requests = use.requests | box.requests;
      });
    });
  }
  void add(const ir::PairBox& box) {
    box.verbs.for_each([&](FileVerb verb) { box.types.for_each([&](FileType type) { note(asked_.files[{verb, type}].rules); }); });
  }
  void add(const ir::NetBox& box) {
    with_implied(box).for_each([&](NetVerb verb) {
      const bool makes = !any_protocol_ && brings_socket(verb);
      box.types.for_each([&](SocketType type) {
        note(asked_.nets[{verb, box.family, type, makes, makes ? spelled_out(box.protocols) : std::vector<std::uint32_t>{}}]);
      });
    });
  }
  void add(const ir::CallBox&) {}
  void add(const ir::IdentityBox& box) {
    Asked::Ids& ids = asked_.ids[box.kind];
    ids.ids = ids.ids | ids_of(box, true);
    note(ids.rules);
  }
  void add(const ir::CapabilityBox& box) {
    for (unsigned n = 0; n < 64; ++n)
      if ((box.capabilities >> n) & 1u) note(asked_.capabilities[n]);
  }
  void add(const ir::PeerBox& box) {
    Asked::Bits& bits = box.kind == ir::PeerKind::signal ? asked_.signals[whom(box)] : asked_.ptrace;
    bits.bits |= box.what;
    note(bits.rules);
  }

  // Rules come in their order.
  void note(Rules& rules) const {
    if (rules.empty() || rules.back() != rule_) rules.push_back(rule_);
  }

  Asked& asked_;
  ir::RuleId rule_;
  bool any_protocol_ = false;
};

// ---- what of it is alive

struct Alive {
  bool is_known = false;  // false: too complex to tell, so everything counts as alive
  std::set<std::pair<std::uint32_t, FileType>> objects;  // bits of the verbs of single objects
  std::set<std::tuple<NetVerb, Family, SocketType>> nets;
  std::map<ir::IdentityKind, bool> ids;
  std::uint64_t capabilities = 0;
  bool signals = false, ptrace = false;
};

// compare() treats types that no box tells apart as one; with a box for each type that is asked for, it tells them apart.
Meaning splitter(const Asked& asked, Os os) {
  std::vector<Part> parts;
  for (const auto& [access, use] : asked.files) {
    ir::FileBox box;
    box.verbs = {access.verb == FileVerb::rename || access.verb == FileVerb::link ? FileVerb::stat : access.verb};
    box.places = {sets::PathPattern{}};
    box.types = {access.type};
    parts.push_back({ir::Effect::allow, std::move(box), {}, false});
  }
  return make_meaning(std::move(parts), os, false);
}

class AliveCollector {
 public:
  explicit AliveCollector(Alive& alive) : alive_(alive) {}

  void see(const ir::Point& point) {
    std::visit([&](const auto& p) { see(p); }, point);
  }
  /// The last object's.
  void finish() {
    for (const auto& [key, verbs] : object_) alive_.objects.emplace(verbs.bits(), key.first);
    object_.clear();
  }

 private:
  using Key = std::pair<FileType, ir::Owner>;

  // All accesses of one path come one after the other.
  void see(const ir::FilePoint& point) {
    if (point.path != path_) finish();
    path_ = point.path;
    object_[{point.type, point.owner}].insert(point.verb);
  }
  void see(const ir::PairPoint& point) { alive_.objects.emplace(FileVerbs{point.verb}.bits(), point.type); }
  void see(const ir::NetPoint& point) { alive_.nets.emplace(point.verb, point.family, point.type); }
  void see(const ir::CallPoint&) {}
  void see(const ir::IdentityPoint& point) { alive_.ids[point.kind] = true; }
  void see(const ir::CapabilityPoint& point) { alive_.capabilities |= std::uint64_t{1} << point.capability; }
  void see(const ir::PeerPoint& point) { (point.kind == ir::PeerKind::signal ? alive_.signals : alive_.ptrace) = true; }

  Alive& alive_;
  std::string path_;
  std::map<Key, FileVerbs> object_;
};

Alive alive_of(const Asked& asked, const std::vector<Part>& parts, Os os) {
  std::vector<Part> without_calls;
  for (const Part& part : parts)
    if (!std::holds_alternative<ir::CallBox>(part.box)) without_calls.push_back(part);
  const Meaning base = make_meaning(std::move(without_calls), os, true);
  const Meaning types = splitter(asked, os);
  const Meaning* const sides[] = {&base, &types};
  const Term allowed{.in = side(0)};
  Alive alive;
  AliveCollector collector(alive);
  sets::Budget budget;
  alive.is_known = compare(sides, std::span(&allowed, 1), budget, [&](const ir::Point& point, TermSet) { return collector.see(point), true; });
  collector.finish();
  return alive;
}

// ---- the calls

class Builder {
 public:
  Builder(const ir::Policy& policy, const Asked& asked, const Alive& alive)
      : os_(policy.configuration.os), arch_(policy.configuration.arch), asked_(asked), alive_(alive) {}

  std::vector<Part> run() {
    add_files();
    for (const auto& [access, rules] : asked_.nets) add(access, rules);
    add_process();
    drop_smaller();
    return std::move(parts_);
  }

 private:
  void add_files() {
    for (const knowledge::Row& row : knowledge::rows_of(os_)) {
      if (row.verbs.empty() || !knowledge::is_brought(row.relation)) continue;
      Rules rules;
      std::set<std::uint16_t> modes;
      sets::NumberSet requests;
      row.types.for_each([&](FileType type) {
        if (!is_alive(row.verbs, type)) return;
        row.verbs.for_each([&](FileVerb verb) {
          const FileUse& use = asked_.files.at({verb, type});
          add_sorted(use.rules, rules);
          requests = requests | use.requests;
          if (verb == FileVerb::create || verb == FileVerb::chmod) modes.insert(use.modes.begin(), use.modes.end());
        });
      });
      if (rules.empty()) continue;
      drop_smaller(modes);
      if (modes.empty()) modes.insert(ir::all_mode_bits);
      for (const std::uint16_t mode : modes) add(row, {mode_parameter(mode), request_parameter(requests)}, rules);
    }
  }

  bool is_alive(FileVerbs verbs, FileType type) const {
    bool asked = true;
    verbs.for_each([&](FileVerb verb) { asked = asked && asked_.files.count({verb, type}) != 0; });
    if (!asked || !alive_.is_known) return asked;
    return std::any_of(alive_.objects.begin(), alive_.objects.end(), [&](const auto& object) {
      return object.second == type && FileVerbs::from_bits(object.first).includes(verbs);
    });
  }

  /// A mode whose bits another one has as well adds nothing.
  static void drop_smaller(std::set<std::uint16_t>& modes) {
    std::erase_if(modes, [&](std::uint16_t mode) {
      return std::any_of(modes.begin(), modes.end(), [&](std::uint16_t other) { return other != mode && (mode & ~other) == 0; });
    });
  }

  void add(const NetAccess& access, const Rules& rules) {
    if (alive_.is_known && alive_.nets.count({access.verb, access.family, access.type}) == 0) return;
    add(knowledge::find_rows(os_, Relation::brings, name_of(access.verb), ""), {}, rules);
    if (!access.makes_socket) return;
    if (access.protocols.empty()) add(knowledge::socket_call(os_, access.family, access.type, arch_), rules);
    for (const std::uint32_t protocol : access.protocols)
      add(knowledge::socket_call(os_, access.family, access.type, protocol, arch_), rules);
    add(knowledge::find_rows(os_, Relation::brings, "socket", ""), {}, rules);
  }

  void add_process() {
    for (const auto& [kind, ids] : asked_.ids)
      if (!alive_.is_known || alive_.ids.count(kind) != 0)
        add(knowledge::find_rows(os_, Relation::brings, kind == ir::IdentityKind::user ? "setuid" : "setgid", ""), {id_parameter(ids.ids)},
            ids.rules);
    for (const auto& [to, bits] : asked_.signals)
      if (!alive_.is_known || alive_.signals)
        add(knowledge::find_rows(os_, Relation::brings, "signal", word_of(to)), {signal_parameter(bits.bits, arch_)}, bits.rules);
    if (!alive_.is_known || alive_.ptrace) {
      if ((asked_.ptrace.bits & ir::ptrace_read) != 0) add(knowledge::find_rows(os_, Relation::brings, "ptrace", "read"), {}, asked_.ptrace.rules);
      if ((asked_.ptrace.bits & ir::ptrace_trace) != 0) add(knowledge::find_rows(os_, Relation::brings, "ptrace", "trace"), {}, asked_.ptrace.rules);
    }
    for (const auto& [number, rules] : asked_.capabilities)
      if (const auto name = knowledge::find_name(knowledge::capabilities(), number);
          name && (!alive_.is_known || ((alive_.capabilities >> number) & 1u) != 0))
        add(knowledge::find_rows(os_, Relation::brings, "capability", *name), {}, rules);
  }

  using Given = std::vector<Parameter>;
  void add(const std::vector<const knowledge::Row*>& rows, const Given& given, const Rules& rules) {
    for (const knowledge::Row* row : rows) add(*row, given, rules);
  }
  void add(const knowledge::Row& row, const Given& given, const Rules& rules) {
    if (const auto pattern = knowledge::pattern_of(row, os_, arch_, given)) add(*pattern, rules);
  }
  void add(const CallPattern& pattern, const Rules& rules) {
    ir::CallBox box{{pattern.call}, ir::condition_of(pattern.where)};
    for (const std::size_t place : by_call_[pattern.call])
      if (std::get<ir::CallBox>(parts_[place].box) == box) return add_sorted(rules, parts_[place].rules);
    by_call_[pattern.call].push_back(parts_.size());
    parts_.push_back({ir::Effect::allow, std::move(box), rules, true});
  }

  // `append` brings an open that `write` brings, too: said once, by the rules of both.
  void drop_smaller() {
    std::vector<bool> dropped(parts_.size(), false);
    for (const auto& [call, places] : by_call_) {
      if (places.size() < 2) continue;
      sets::ArgumentSpace space;
      std::vector<sets::ArgumentSpace::Set> sets;
      for (const std::size_t place : places) sets.push_back(argument_set(space, std::get<ir::CallBox>(parts_[place].box).where));
      for (std::size_t less = 0; less < places.size() && !space.exhausted(); ++less)
        for (std::size_t more = 0; more < places.size() && !dropped[places[less]]; ++more) {
          const bool is_within = less != more && !dropped[places[more]] && space.difference(sets[less], sets[more]) == space.none;
          if (!is_within || space.exhausted()) continue;
          add_sorted(parts_[places[less]].rules, parts_[places[more]].rules);
          dropped[places[less]] = true;
        }
    }
    std::vector<Part> kept;
    for (std::size_t i = 0; i < parts_.size(); ++i)
      if (!dropped[i]) kept.push_back(std::move(parts_[i]));
    parts_ = std::move(kept);
  }

  Os os_;
  Arch arch_;
  const Asked& asked_;
  const Alive& alive_;
  std::vector<Part> parts_;
  std::map<CallId, std::vector<std::size_t>> by_call_;
};

}  // namespace

std::vector<Part> brought_calls(const ir::Policy& policy, const std::vector<Part>& parts) {
  Asked asked;
  Collector collector(asked);
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i)
    if (policy.rules[i].effect == ir::Effect::allow) collector.add(policy.rules[i], ir::RuleId{i});
  const Alive alive = alive_of(asked, parts, policy.configuration.os);
  return Builder(policy, asked, alive).run();
}

}  // namespace polc::eval
