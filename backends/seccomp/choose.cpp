// From the parts of a policy to rules on calls; everything else a filter does not see.
#include <algorithm>

#include "knowledge/call_numbers.hpp"
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
  }

  Ruleset rules;
  std::vector<Gap> gaps = unseen();

 private:
  // A call that the architecture lacks cannot be made there: nothing decides it. Another one of the same filter may
  // know it.
  bool is_open(CallId call) const {
    if (!knowledge::number_of(arch_, call)) return true;
    return choices_.launcher && knowledge::call_of(Os::linux_os, call).name == "execve";
  }

  void add(const ir::CallBox& box, std::uint32_t from) {
    ir::CallBox decided{{}, box.where}, open{{}, box.where}, blind{{}, box.where};
    for (const CallId call : box.calls) {
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
    if (!open.calls.empty()) is_deny ? push(std::move(open), from) : say(std::move(open), from);
  }

  // A profile says one comparison an argument; what does not fit is left out, and a call that a condition denies is
  // refused as a whole.
  void say(ir::CallBox box, std::uint32_t from) {
    if (!is_profile_ || box.where.is_always()) return push(std::move(box), from);
    const auto moved = std::stable_partition(box.calls.begin(), box.calls.end(), [&](CallId call) { return has_plain_registers(call, arch_); });
    for (auto call = moved; call != box.calls.end(); ++call) say_on_registers({{*call}, box.where}, from);
    box.calls.erase(moved, box.calls.end());
    if (!box.calls.empty()) say_on_registers(std::move(box), from);
  }

  // A profile numbers registers, not the arguments of the call's table.
  void say_on_registers(ir::CallBox box, std::uint32_t from) {
    if (source_.parts[from].effect == ir::Effect::deny) {
      gaps.push_back({ir::CallBox{box.calls, {}}, Verdict::narrower, Feature::deny_rule, from});
      return push(std::move(box), from);
    }
    const auto registers = on_registers(box.where, box.calls.front(), arch_);
    if (!registers) return;  // an argument lies in memory: told by add()
    OciAlternatives alternatives = oci_alternatives(*registers);
    for (ir::Condition& one : alternatives.said) push({box.calls, std::move(one)}, from);
    if (!alternatives.unsaid.empty()) gaps.push_back({std::move(box), Verdict::narrower, Feature::call_arguments, from});
  }

  void push(ir::CallBox box, std::uint32_t from) {
    const eval::Part& part = source_.parts[from];
    const ir::RuleId rule = target::rules_behind(source_.policy, source_.meaning, part.rules, box).front();
    rules.rules.push_back({part.effect, std::move(box), from, rule});
  }

  const target::Source& source_;
  const target::Settings& settings_;
  Arch arch_;
  Choices choices_;
  bool is_profile_;
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
