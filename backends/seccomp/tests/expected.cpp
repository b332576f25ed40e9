#include "expected.hpp"

#include <algorithm>

#include "eval/argument_sets.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "seccomp/registers.hpp"

namespace polc::seccomp::testing {
namespace {

using sets::ArgumentSpace;

constexpr std::uint32_t x32_start = 0x4000'0000;

Action error(Arch arch, std::string_view name) {
  return 0x5'0000u + static_cast<Action>(*knowledge::find_errno(Os::linux_os, arch, name));
}

Action reaction(const ir::Policy& policy, Arch arch, std::optional<CallId> call, bool is_absent, bool complain) {
  const ir::Reaction chosen = ir::reaction_for(policy, "seccomp", ir::AccessClass::syscall, call);
  if (complain || chosen.kind == ir::Reaction::Kind::log) return 0x7FFC'0000u;
  if (chosen.kind == ir::Reaction::Kind::kill) return 0x8000'0000u;
  if (chosen.kind == ir::Reaction::Kind::hidden) return error(arch, "ENOSYS");
  if (!chosen.error_name.empty()) return error(arch, chosen.error_name);
  return is_absent ? error(arch, "ENOSYS") : error(arch, "EPERM");
}

// linux/seccomp.h lists the actions from the most severe on; all but "kill the process" ascend as numbers.
Action worse(Action a, Action b) {
  const auto order = [](Action x) {
    return (x & 0x8000'0000u) != 0 ? std::int64_t{-1} : std::int64_t{x & 0x7FFF'0000u};
  };
  return order(b) < order(a) ? b : a;
}

}  // namespace

Expected::Expected(Members policies, Arch arch)
    : policies_(policies),
      arch_(arch),
      archs_(archs_of(policies)),
      bad_arch_(choices_of(policy_of(policies.front()).configuration, policies.front().settings).bad_arch) {
  for (const target::Member& policy : policies_) {
    auto& rules = rules_.emplace_back();
    for (const eval::Part& part : policy.source.parts)
      if (const auto* box = std::get_if<ir::CallBox>(&part.box))
        for (const CallId call : box->calls) rules[call].push_back({part.effect, &box->where});
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
  for (const std::size_t place : policies_on(is_x32 && has_x32 ? Arch::x32 : arch_)) {
    const target::Member& policy = policies_[place];
    worst = worse(worst, reaction(policy_of(policy), arch_, std::nullopt, number > last, options_of(policy.settings).only_logs));
  }
  if (is_x32 && !has_x32 && worst == 0x7FFC'0000u) return bad_arch_;
  return worst;
}

// Those configured for it; one that only an option added has the first's.
std::vector<std::size_t> Expected::policies_on(Arch arch) const {
  for (const Arch wanted : {arch, policy_of(policies_.front()).configuration.arch}) {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < policies_.size(); ++i)
      if (policy_of(policies_[i]).configuration.arch == wanted) result.push_back(i);
    if (!result.empty()) return result;
  }
  return {};
}

ArgumentSpace::Set Expected::allowed_by(std::size_t policy, Arch arch, CallId call, ArgumentSpace& space) const {
  const Options& options = options_of(policies_[policy].settings);
  const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
  if (options.exec == Exec::launcher && name == "execve") return ArgumentSpace::all;
  const auto rules = rules_[policy].find(call);
  ArgumentSpace::Set allowed = ArgumentSpace::none, denied = ArgumentSpace::none, descriptor = ArgumentSpace::none;
  if (options.exec == Exec::descriptor && name == "execveat")
    descriptor = space.conjunction(space.compare(0, 0xFFFF'FFFF, sets::Compare::equal, options.descriptor),
                                   space.compare(4, 0xFFFF'FFFF, sets::Compare::equal, 0x1000));
  if (rules == rules_[policy].end()) return descriptor;
  for (const auto& [effect, where] : rules->second) {
    const bool is_allow = effect == ir::Effect::allow;
    const auto there = on_registers(*where, call, arch);
    // An argument that cannot be seen: nothing is allowed by it, everything refused.
    const auto part = there ? eval::argument_set(space, *there) : is_allow ? ArgumentSpace::none : ArgumentSpace::all;
    auto& set = is_allow ? allowed : denied;
    set = space.disjunction(set, part);
  }
  return space.disjunction(space.difference(allowed, denied), descriptor);
}

Expected::Decision Expected::decision(Arch arch, CallId call, ArgumentSpace& space) const {
  Decision result{ArgumentSpace::all, 0x7FFF'0000u};
  const std::string_view since = knowledge::call_of(Os::linux_os, call).since;
  for (const std::size_t place : policies_on(arch)) {
    const ArgumentSpace::Set allowed = allowed_by(place, arch, call, space);
    if (allowed == ArgumentSpace::all) continue;
    const target::Member& policy = policies_[place];
    result.allowed = space.conjunction(result.allowed, allowed);
    const std::string& kernel = options_of(policy.settings).kernel;
    const bool is_absent = knowledge::falls_back(call) || (!kernel.empty() && knowledge::is_newer(since, kernel));
    result.refusal = worse(result.refusal, reaction(policy_of(policy), arch, call, is_absent, options_of(policy.settings).only_logs));
  }
  return result;
}

}  // namespace polc::seccomp::testing
