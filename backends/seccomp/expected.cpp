#include "seccomp/expected.hpp"

#include <algorithm>

#include "eval/argument_sets.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "seccomp/registers.hpp"

namespace polc::seccomp {
namespace {

using sets::ArgumentSpace;

constexpr std::uint32_t x32_start = 0x4000'0000;

Action error(std::string_view name) {
  return 0x5'0000u + static_cast<Action>(*knowledge::find_errno(Os::linux_os, name));
}

Action reaction(const ir::Policy& policy, std::optional<CallId> call, bool is_absent, bool complain) {
  const ir::Reaction chosen = ir::reaction_for(policy, "seccomp", ir::AccessClass::syscall, call);
  if (complain || chosen.kind == ir::Reaction::Kind::log) return 0x7FFC'0000u;
  if (chosen.kind == ir::Reaction::Kind::kill) return 0x8000'0000u;
  if (chosen.kind == ir::Reaction::Kind::hidden) return error("ENOSYS");
  if (!chosen.error_name.empty()) return error(chosen.error_name);
  return is_absent ? error("ENOSYS") : error("EPERM");
}

// linux/seccomp.h lists the actions from the most severe on; all but "kill the process" ascend as numbers.
Action worse(Action a, Action b) {
  const auto order = [](Action x) {
    return (x & 0x8000'0000u) != 0 ? std::int64_t{-1} : std::int64_t{x & 0x7FFF'0000u};
  };
  return order(b) < order(a) ? b : a;
}

}  // namespace

Expected::Expected(Policies policies, Arch arch)
    : policies_(policies),
      arch_(arch),
      archs_(archs_of(policies)),
      bad_arch_(choices_of(policies.front()->policy().configuration, policies.front()->settings()).bad_arch) {
  for (const target::LegalPolicy* policy : policies_) {
    auto& rules = rules_.emplace_back();
    for (const target::LegalRule& rule : policy->rules())
      if (const auto* box = std::get_if<ir::CallBox>(&rule.piece.wanted))
        for (const CallId call : box->calls) rules[call].push_back(&rule);
  }
  const bool both = std::find(archs_.begin(), archs_.end(), Arch::x32) != archs_.end();
  for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
    const CallId id{static_cast<std::uint16_t>(i)};
    if (const auto number = knowledge::number_of(arch_, id)) calls_.push_back({*number, id, arch_});
    if (const auto number = knowledge::number_of(Arch::x32, id); number && both && arch_ == Arch::x86_64)
      calls_.push_back({*number, id, Arch::x32});
  }
  std::sort(calls_.begin(), calls_.end(), [](const Call& a, const Call& b) { return a.number < b.number; });
}

Action Expected::unknown(std::uint32_t number) const {
  // The last number of its ABI decides whether a number is a newer kernel's.
  const bool served = arch_ != Arch::x32 && arch_ != Arch::x86_64;
  const bool is_x32 = !served && number >= x32_start;
  const bool has_x32 = std::find(archs_.begin(), archs_.end(), Arch::x32) != archs_.end();
  if (arch_ == Arch::x32 && !is_x32) return bad_arch_;
  std::uint32_t last = 0;
  for (const Call& call : calls_)
    if (!(call.number >= x32_start && !is_x32)) last = std::max(last, call.number);
  Action worst = 0x7FFF'0000u;
  for (const target::LegalPolicy* policy : policies_for(policies_, is_x32 && has_x32 ? Arch::x32 : arch_)) {
    const bool complain = policy->settings().at("log") == "all";
    worst = worse(worst, reaction(policy->policy(), std::nullopt, number > last, complain));
  }
  if (is_x32 && !has_x32 && worst == 0x7FFC'0000u) return bad_arch_;
  return worst;
}

ArgumentSpace::Set Expected::allowed_by(const target::LegalPolicy& policy, Arch arch, CallId call,
                                        ArgumentSpace& space) const {
  if (policy.settings().at("exec") == "launcher" && knowledge::call_of(Os::linux_os, call).name == "execve")
    return ArgumentSpace::all;
  const auto place =
      static_cast<std::size_t>(std::find(policies_.begin(), policies_.end(), &policy) - policies_.begin());
  const auto rules = rules_[place].find(call);
  ArgumentSpace::Set allowed = ArgumentSpace::none, denied = ArgumentSpace::none;
  if (rules == rules_[place].end()) return allowed;
  for (const target::LegalRule* rule : rules->second) {
    const bool is_allow = rule->effect == ir::Effect::allow;
    const ir::Condition& where = std::get<ir::CallBox>(rule->piece.wanted).where;
    const auto there = has_plain_registers(call, arch) ? std::optional(where) : on_registers(where, call, arch);
    // An argument that cannot be seen: nothing is allowed by it, everything refused.
    const auto part = there ? eval::argument_set(space, *there) : is_allow ? ArgumentSpace::none : ArgumentSpace::all;
    auto& set = is_allow ? allowed : denied;
    set = space.disjunction(set, part);
  }
  return space.difference(allowed, denied);
}

Expected::Decision Expected::decision(Arch arch, CallId call, ArgumentSpace& space) const {
  Decision result{ArgumentSpace::all, 0x7FFF'0000u};
  const std::string_view since = knowledge::call_of(Os::linux_os, call).since;
  for (const target::LegalPolicy* policy : policies_for(policies_, arch)) {
    const ArgumentSpace::Set allowed = allowed_by(*policy, arch, call, space);
    if (allowed == ArgumentSpace::all) continue;
    result.allowed = space.conjunction(result.allowed, allowed);
    const std::string_view kernel = policy->settings().at("kernel");
    const bool is_absent = knowledge::falls_back(call) || (!kernel.empty() && knowledge::is_newer(since, kernel));
    result.refusal =
        worse(result.refusal, reaction(policy->policy(), call, is_absent, policy->settings().at("log") == "all"));
  }
  return result;
}

}  // namespace polc::seccomp
