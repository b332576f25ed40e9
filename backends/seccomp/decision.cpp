#include "seccomp/decision.hpp"

#include <algorithm>
#include <map>

#include "ir/conditions.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "seccomp/refusal.hpp"
#include "seccomp/registers.hpp"
#include "seccomp/ruleset.hpp"

namespace polc::seccomp {
namespace {

using Grants = std::map<CallId, Grant>;

Grants grants_of(const target::Member& policy) {
  Grants grants;
  for (const CallRule& rule : rules_of(policy))
    for (const CallId call : rule.box.calls) {
      Grant& grant = grants[call];
      (rule.effect == ir::Effect::allow ? grant.allow : grant.deny).push_back(&rule.box.where);
    }
  return grants;
}

bool is_whole(const Grant& grant) {
  return grant.deny.empty() && std::any_of(grant.allow.begin(), grant.allow.end(),
                                           [](const ir::Condition* condition) { return condition->is_always(); });
}

Action most_severe(Action a, Action b) { return severity_rank(b) < severity_rank(a) ? b : a; }

const ir::Condition always;

ir::Condition but_not(const ir::Condition& condition, const ir::Condition& without) {
  return ir::all_of({condition, {ir::Condition::Kind::negation, {}, {without}}});
}

class Builder {
 public:
  Builder(std::vector<const target::Member*> policies, Arch arch) : policies_(std::move(policies)), arch_(arch) {
    for (const target::Member* policy : policies_) {
      grants_.push_back(grants_of(*policy));
      choices_.push_back(choices_of(policy_of(*policy).configuration, policy->settings));
      refusals_.emplace_back(policy_of(*policy), choices_.back(), arch);
    }
  }

  ArchDecision decide(std::deque<ir::Condition>& translated) const {
    ArchDecision result;
    result.arch = arch_;
    const auto calls = knowledge::calls_of(Os::linux_os);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const CallId id{static_cast<std::uint16_t>(i)};
      if (const auto number = knowledge::number_of(arch_, id))
        result.calls.push_back(decide(id, *number, translated));
    }
    std::sort(result.calls.begin(), result.calls.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    result.unknown = refusals_.front().unknown();
    result.beyond = refusals_.front().beyond();
    for (const Refusals& one : refusals_) {
      result.unknown = most_severe(result.unknown, one.unknown());
      result.beyond = most_severe(result.beyond, one.beyond());
    }
    return result;
  }

 private:
  CallDecision decide(CallId call, std::uint32_t number, std::deque<ir::Condition>& translated) const {
    CallDecision result{call, number, {}, action::log};
    bool any = false;
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      const auto at = grants_[i].find(call);
      const bool is_its_own = policy_of(*policies_[i]).configuration.arch == arch_ && has_plain_registers(call, arch_);
      if (at == grants_[i].end()) result.grants.emplace_back();
      else result.grants.push_back(is_its_own ? at->second : placed(at->second, call, arch_, translated));
      if (is_launch(choices_[i], call)) add_launch(result.grants.back(), choices_[i].launch->where, call, translated);
      if (is_whole(result.grants.back())) continue;
      const Action refusal = refusals_[i].of(call);
      result.refusal = any ? most_severe(result.refusal, refusal) : refusal;
      any = true;
    }
    return result;
  }

  void add_launch(Grant& grant, const ir::Condition& where, CallId call, std::deque<ir::Condition>& translated) const {
    const auto there = on_registers(where, call, arch_);
    if (!there) return;
    if (there->is_always()) grant.deny.clear();
    for (const ir::Condition*& deny : grant.deny) deny = &translated.emplace_back(but_not(*deny, *there));
    grant.allow.push_back(&translated.emplace_back(*there));
  }

  // What asks for an argument that cannot be seen allows nothing, and refuses everything.
  static Grant placed(const Grant& grant, CallId call, Arch arch, std::deque<ir::Condition>& translated) {
    Grant result;
    for (const ir::Condition* condition : grant.allow)
      if (auto there = on_registers(*condition, call, arch))
        result.allow.push_back(&translated.emplace_back(*std::move(there)));
    for (const ir::Condition* condition : grant.deny) {
      auto there = on_registers(*condition, call, arch);
      result.deny.push_back(there ? &translated.emplace_back(*std::move(there)) : &always);
    }
    return result;
  }

  std::vector<const target::Member*> policies_;  // of one architecture
  std::vector<Grants> grants_;
  std::vector<Choices> choices_;
  std::vector<Refusals> refusals_;
  Arch arch_;
};

}  // namespace

int severity_rank(Action action) {
  // As the kernel compares: the action's upper half as a signed number, the smallest wins; kill_process is negative.
  return static_cast<std::int32_t>(action & 0xFFFF'0000u) / 0x1'0000;
}

Decision decision_of(Members policies) {
  Decision decision;
  decision.bad_arch = choices_of(policy_of(policies.front()).configuration, policies.front().settings).bad_arch;
  for (const Arch arch : archs_of(policies))
    decision.archs.push_back(Builder(policies_for(policies, arch), arch).decide(decision.translated));
  return decision;
}

}  // namespace polc::seccomp
