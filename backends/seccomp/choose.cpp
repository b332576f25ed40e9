// From the parts of a policy to rules on calls; everything else a filter does not see.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "eval/brought_calls.hpp"
#include "knowledge/call_arguments.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/choices.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/registers.hpp"
#include "seccomp/ruleset.hpp"
#include "target/blame.hpp"
#include "target/inherited.hpp"

namespace polc::seccomp {
namespace {

using ir::Verdict;
using target::Feature;
using target::Gap;

// What a filter never looks at, by the kinds of accesses.
std::vector<Gap> unseen() {
  std::vector<Gap> gaps;
  const auto add = [&](ir::Box box, Feature because) {
    gaps.push_back({std::move(box), Verdict::unmediated, because, Gap::everybody});
  };
  FileVerbs::all().for_each([&](FileVerb verb) {
    const bool is_pair = verb == FileVerb::rename || verb == FileVerb::link;
    ir::FileBox file;
    ir::PairBox pair;
    file.verbs = pair.verbs = {verb};
    add(is_pair ? ir::Box(pair) : ir::Box(file), target::feature_of(verb));
  });
  for (unsigned family = 0; family < count_of(Family{}); ++family)
    NetVerbs::all().for_each([&](NetVerb verb) {
      ir::NetBox net;
      net.family = static_cast<Family>(family);
      net.verbs = {verb};
      add(net, target::feature_of(verb));
    });
  return gaps;
}

class Chooser {
 public:
  Chooser(const target::Source& source, const target::Settings& settings)
      : source_(source),
        settings_(settings),
        arch_(source.policy.configuration.arch),
        choices_(choices_of(source.policy.configuration, settings)),
        is_profile_(settings.format == "oci") {}

  void run() {
    const auto losing = target::losing_gaps(source_, settings_);
    gaps.insert(gaps.end(), losing.begin(), losing.end());
    for (std::uint32_t i = 0; i < source_.parts.size(); ++i)
      if (const auto* calls = std::get_if<ir::CallBox>(&source_.parts[i].box)) add(*calls, i);
    if (is_profile_) add_profile();
  }

  Ruleset rules;
  std::vector<Gap> gaps = unseen();

 private:
  // A call that the architecture lacks cannot be made there: nothing decides it. Another one of the same filter may
  // know it.
  bool is_open(CallId call) const {
    if (!knowledge::number_of(arch_, call)) return true;
    return is_whole_launch(choices_, call);
  }

  // Brought because libc makes no other call there, and not named by the policy itself.
  bool is_left_out(CallId call, std::uint32_t from) const {
    const eval::Part& part = source_.parts[from];
    return !choices_.options.brings_multiplexers && part.effect == ir::Effect::allow && knowledge::is_multiplexer(call) && !eval::names_calls(source_.policy, part);
  }

  void add(const ir::CallBox& box, std::uint32_t from) {
    ir::CallBox decided{{}, box.where}, open{{}, box.where}, blind{{}, box.where};
    for (const CallId call : box.calls) {
      if (is_left_out(call, from)) {
        gaps.push_back({ir::CallBox{{call}, box.where}, Verdict::narrower, Feature::call, from, "the option `multiplexers` refuses it"});
        continue;
      }
      const bool is_seen = has_plain_registers(call, arch_) || on_registers(box.where, call, arch_).has_value();
      (is_open(call) ? open : is_seen ? decided : blind).calls.push_back(call);
    }
    const bool is_deny = source_.parts[from].effect == ir::Effect::deny;
    // An argument lies in memory: nothing is allowed by it, and everything refused.
    if (!blind.calls.empty())
      gaps.push_back(
          {is_deny ? ir::CallBox{blind.calls, {}} : blind, Verdict::narrower, Feature::call_arguments, from});
    if (!blind.calls.empty() && is_deny) say(std::move(blind), from);
    if (!decided.calls.empty()) say(std::move(decided), from);
    if (!open.calls.empty()) is_deny && !is_profile_ ? push(std::move(open), from) : say(std::move(open), from);
  }

  void say(ir::CallBox box, std::uint32_t from) {
    if (!is_profile_) return push(std::move(box), from);
    const ir::Effect effect = source_.parts[from].effect;
    for (const CallId call : box.calls) profile_[call].push_back({effect, box.where, from});
  }

  void push(ir::CallBox box, std::uint32_t from) {
    const eval::Part& part = source_.parts[from];
    const ir::RuleId rule = rule_behind(from, box);
    rules.rules.push_back({part.effect, std::move(box), from, rule});
  }

  // ---- a profile: what is left of the allows of each call

  void add_profile() {
    std::map<std::vector<std::uint32_t>, std::vector<CallRule>> rules_by_part;  // by the allow, then the denies
    for (const auto& [call, wishes] : profile_) {
      if (is_whole_launch(choices_, call)) continue;
      // Where the first of its calls is one that the architecture lacks, libseccomp forgets to load the number of any.
      const auto arch = arch_with(call);
      if (!arch) continue;
      OciEntries entries = entries_on(*arch, call, wishes);
      if (const auto other = other_architecture(entries, call, wishes, *arch))
        leave_out(call, wishes, *arch, *other, entries);
      for (const std::uint32_t from : entries.unsaid)
        gaps.push_back({ir::CallBox{{call}, where_of(from)}, Verdict::narrower, Feature::call_arguments, from});
      for (const OciEntry& entry : entries.said) add_call(rules_by_part[entry.from], call, entry);
    }
    for (auto& [from, list] : rules_by_part) std::move(list.begin(), list.end(), std::back_inserter(rules.rules));
    // Those with more comparisons first: after dozens with fewer libseccomp takes seconds for one of them.
    const auto comparisons = [](const CallRule& rule) { return rule.box.where.terms.size(); };
    const auto conditional = std::stable_partition(rules.rules.begin(), rules.rules.end(),
                                                   [&](const CallRule& rule) { return comparisons(rule) == 0; });
    std::stable_sort(conditional, rules.rules.end(),
                     [&](const CallRule& a, const CallRule& b) { return comparisons(a) > comparisons(b); });
  }

  const ir::Condition& where_of(std::uint32_t from) const {
    return std::get<ir::CallBox>(source_.parts[from].box).where;
  }

  // The first that has the call.
  std::optional<Arch> arch_with(CallId call) const {
    const auto has_it = [&](Arch arch) { return knowledge::number_of(arch, call).has_value(); };
    const auto at = std::find_if(choices_.archs.begin(), choices_.archs.end(), has_it);
    return at == choices_.archs.end() ? std::nullopt : std::optional(*at);
  }

  // Of what lies in memory nothing is allowed, and all denied.
  static std::vector<OciWish> placed(Arch arch, CallId call, const std::vector<OciWish>& wishes) {
    std::vector<OciWish> there;
    for (const OciWish& wish : wishes) {
      const auto where = on_registers(wish.where, call, arch);
      if (where || wish.effect == ir::Effect::deny)
        there.push_back({wish.effect, where.value_or(ir::Condition{}), wish.from});
    }
    return there;
  }
  static OciEntries entries_on(Arch arch, CallId call, const std::vector<OciWish>& wishes) {
    return oci_entries(placed(arch, call, wishes), oci_registers(arch));
  }

  // One list of entries serves all architectures: the first where these are not what is meant.
  std::optional<Arch> other_architecture(const OciEntries& entries, CallId call, const std::vector<OciWish>& wishes,
                                         Arch first) const {
    for (const Arch arch : choices_.archs) {
      if (arch == first || !knowledge::number_of(arch, call)) continue;
      sets::ArgumentSpace space;
      const auto theirs = let_through(space, entries_on(arch, call, wishes), oci_registers(arch));
      if (let_through(space, entries, oci_registers(arch)) != theirs || space.exhausted()) return arch;
    }
    return std::nullopt;
  }

  void leave_out(CallId call, const std::vector<OciWish>& wishes, Arch first, Arch other, OciEntries& entries) {
    const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
    for (const OciWish& wish : wishes)
      if (wish.effect == ir::Effect::allow)
        gaps.push_back({ir::CallBox{{call}, wish.where}, Verdict::narrower, Feature::call_arguments, wish.from,
                        fmt::format("`{}` {}; make one profile per architecture", name,
                                    difference(call, wish.where, first, other))});
    entries = {};
  }

  // "has its flags in register 0 on x86_64 and 1 on s390x"
  static std::string difference(CallId call, const ir::Condition& where, Arch one, Arch other) {
    const auto& arguments = knowledge::call_of(Os::linux_os, call).arguments;
    for (std::uint8_t i = 0; i < arguments.size(); ++i) {
      const auto here = knowledge::place_of(one, call, i), there = knowledge::place_of(other, call, i);
      if (!asks(where, i) || !here || !there || (here->low == there->low && here->high == there->high)) continue;
      const auto words = [](const knowledge::ArgumentPlace& place) {
        return place.low == place.high ? fmt::format("{}", place.low) : fmt::format("{} and {}", place.low, place.high);
      };
      return fmt::format("has its {} in register {} on {} and {} on {}", arguments[i].name, words(*here), name_of(one),
                         words(*there), name_of(other));
    }
    return fmt::format("is allowed otherwise on {} than on {}", name_of(one), name_of(other));
  }
  static bool asks(const ir::Condition& where, std::uint8_t argument) {
    if (where.kind == ir::Condition::Kind::test) return where.test.argument == argument;
    return std::any_of(where.terms.begin(), where.terms.end(),
                       [&](const ir::Condition& term) { return asks(term, argument); });
  }

  // Calls of one part under the same condition are one rule.
  void add_call(std::vector<CallRule>& list, CallId call, const OciEntry& entry) {
    const auto same =
        std::find_if(list.begin(), list.end(), [&](const CallRule& rule) { return rule.box.where == entry.where; });
    if (same != list.end()) return same->box.calls.push_back(call);
    const std::uint32_t from = entry.from.front();
    list.push_back({ir::Effect::allow,
                    {{call}, entry.where},
                    from,
                    rule_behind(from, {{call}, where_of(from)}),
                    {entry.from.begin() + 1, entry.from.end()}});
  }

  ir::RuleId rule_behind(std::uint32_t from, const ir::CallBox& box) const {
    return target::rules_behind(source_.policy, source_.meaning, source_.parts[from].rules, box).front();
  }

  const target::Source& source_;
  const target::Settings& settings_;
  Arch arch_;
  Choices choices_;
  bool is_profile_;
  std::map<CallId, std::vector<OciWish>> profile_;
};

}  // namespace

target::Chosen choose(const target::Source& source, const target::Settings& settings) {
  diag::Sink sink;
  check(source.policy, settings, sink);
  Chooser chooser(source, settings);
  chooser.run();
  return {std::make_shared<const Ruleset>(std::move(chooser.rules)),
          std::move(chooser.gaps),
          {sink.all().begin(), sink.all().end()}};
}

}  // namespace polc::seccomp
