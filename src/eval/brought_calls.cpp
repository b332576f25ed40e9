#include "eval/brought_calls.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "eval/argument_sets.hpp"
#include "eval/asked.hpp"
#include "eval/compare.hpp"
#include "eval/rule_parameters.hpp"
#include "knowledge/names.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

using knowledge::CallPattern;
using knowledge::Parameter;
using knowledge::Relation;

/// Both are sorted. Many needs are those of the same rules.
void add_sorted(const Rules& more, Rules& into) {
  if (more == into) return;
  Rules both;
  both.reserve(into.size() + more.size());
  std::set_union(into.begin(), into.end(), more.begin(), more.end(), std::back_inserter(both));
  into = std::move(both);
}

// ---- what of it is alive

struct Alive {
  bool is_known = false;  // false: too complex to tell, so everything counts as alive
  std::set<std::pair<std::uint32_t, FileType>> objects;  // bits of the verbs of single objects
  std::set<std::tuple<NetVerb, Family, SocketType>> nets;
  std::map<ir::IdentityKind, bool> ids;
  std::uint64_t capabilities = 0;
  bool signals = false, ptrace = false;
  bool exchanges = false;  // some A -> B and B -> A
};

// compare() treats types that no box tells apart as one; with a box for each type that is asked for, it tells them apart.
Meaning splitter(const Asked& asked, Os os) {
  std::vector<ir::Box> boxes;
  for (const auto& [access, use] : asked.files) {
    ir::FileBox box;
    box.verbs = {access.verb == FileVerb::rename || access.verb == FileVerb::link ? FileVerb::stat : access.verb};
    box.places = {sets::PathPattern{}};
    box.types = {access.type};
    boxes.emplace_back(std::move(box));
  }
  return set_of(std::move(boxes), os);
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

// Is there a pair that may be renamed both ways? Asked of the pairs, and of the same the other way round.
bool may_exchange(const std::vector<Part>& parts, Os os) {
  std::vector<Part> there, back;
  for (const Part& part : parts) {
    const auto* pair = std::get_if<ir::PairBox>(&part.box);
    if (pair == nullptr || !pair->verbs.contains(FileVerb::rename)) continue;
    ir::PairBox box = *pair;
    box.verbs = {FileVerb::rename};
    there.push_back(part);
    there.back().box = box;
    std::swap(box.from, box.to);
    back.push_back(part);
    back.back().box = std::move(box);
  }
  if (there.empty() || knowledge::find_rows(os, Relation::brings, "rename both ways", "").empty()) return false;
  const Meaning forth_meaning = make_meaning(std::move(there), os, false), back_meaning = make_meaning(std::move(back), os, false);
  const Meaning* const sides[] = {&forth_meaning, &back_meaning};
  sets::Budget budget;
  return find_common(sides, budget) || budget.exhausted;
}

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
  alive.exchanges = may_exchange(parts, os);
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
    add_exchanges();
    add_process();
    add_acts();
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

  void add_exchanges() {
    Rules rules;
    for (const auto& [access, use] : asked_.files)
      if (access.verb == FileVerb::rename) add_sorted(use.rules, rules);
    if (alive_.exchanges) add(knowledge::find_rows(os_, Relation::brings, "rename both ways", ""), {}, rules);
  }

  // Kinds of several rules may be made at once, and by the call that makes a process; but clone has no flag for a namespace of time.
  void add_acts() {
    if (asked_.kinds != 0 && !asked_.one_makes_all)
      add(knowledge::find_rows(os_, Relation::brings, "namespace", ""), {{"$kinds", {{asked_.kinds, asked_.kinds}}}}, asked_.namespaces);
    const std::uint64_t kinds = asked_.kinds & ~knowledge::namespace_kinds("time");
    if (kinds == 0 || asked_.forks.empty()) return;
    Rules rules = asked_.namespaces;
    add_sorted(asked_.forks, rules);
    add(knowledge::find_rows(os_, Relation::brings, "namespace + fork", ""), {{"$kinds", {{kinds, kinds}}}}, rules);
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

bool names_calls(const ir::Policy& policy, const Part& part) {
  const auto is_of_acts = [&](ir::RuleId rule) { return !policy.rules[rule.value].acts.empty(); };
  return !part.implied && !std::all_of(part.rules.begin(), part.rules.end(), is_of_acts);
}

std::vector<Part> brought_calls(const ir::Policy& policy, const std::vector<Part>& parts) {
  const Asked asked = asked_by(policy);
  const Alive alive = alive_of(asked, parts, policy.configuration.os);
  return Builder(policy, asked, alive).run();
}

}  // namespace polc::eval
