// What holds for the unit as a whole. All that a rule allows stays possible; what no rule allows is closed where a directive
// can close it.
#include <algorithm>
#include <map>

#include "eval/argument_sets.hpp"
#include "eval/meaning.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "knowledge/socket_numbers.hpp"
#include "systemd/model.hpp"

namespace polc::systemd {
namespace {

using sets::ArgumentSpace;
using sets::Compare;

constexpr std::uint64_t bits32 = 0xFFFF'FFFF;
constexpr std::uint64_t prot_write = 2, prot_exec = 4, shm_exec = 0100000;
constexpr std::uint64_t set_id_bits = 06000;

// What RestrictSUIDSGID= looks at. Of those that open, only what creates a file has a mode.
constexpr std::string_view giving_mode[] = {"chmod", "fchmod", "fchmodat", "fchmodat2", "mkdir", "mkdirat", "mknod", "mknodat", "creat"};
constexpr std::string_view opening[] = {"open", "openat"};

template <std::size_t n>
bool is_one_of(const std::string_view (&names)[n], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

CallId id_of(std::string_view name) { return *knowledge::find_call(Os::linux_os, name); }
std::string_view name_of(CallId call) { return knowledge::call_of(Os::linux_os, call).name; }

ir::Condition test(std::string_view call, std::string_view argument, std::uint64_t mask, Compare op, std::uint64_t value) {
  const auto place = knowledge::find_argument(knowledge::call_of(Os::linux_os, id_of(call)), argument);
  return ir::test_of({static_cast<std::uint8_t>(*place), mask, op, value});
}

/// With which arguments does the policy allow each call?
class Allowed {
 public:
  explicit Allowed(const eval::Meaning& meaning) {
    for (const eval::Part& part : meaning.parts()) add(part, ir::Effect::allow);
    for (const eval::Part& part : meaning.parts()) add(part, ir::Effect::deny);
  }

  const std::map<std::uint16_t, ArgumentSpace::Set>& calls() const { return calls_; }

  /// Is there an allowed call that meets the condition? If that is too complex to say: yes.
  bool can(std::string_view call, const ir::Condition& condition) {
    const auto found = calls_.find(id_of(call).value);
    if (found == calls_.end()) return false;
    return space_.conjunction(found->second, eval::argument_set(space_, condition)) != ArgumentSpace::none || space_.exhausted();
  }

  bool makes(Family family) const { return std::find(families_.begin(), families_.end(), family) != families_.end(); }

 private:
  void add(const eval::Part& part, ir::Effect effect) {
    if (part.effect != effect) return;
    if (const auto* net = std::get_if<ir::NetBox>(&part.box); net != nullptr && effect == ir::Effect::allow)
      families_.push_back(net->family);
    const auto* box = std::get_if<ir::CallBox>(&part.box);
    if (box == nullptr) return;
    const auto where = eval::argument_set(space_, box->where);
    for (const CallId call : box->calls) {
      if (effect == ir::Effect::allow) {
        auto& set = calls_[call.value];
        set = space_.disjunction(set, where);
      } else if (const auto found = calls_.find(call.value); found != calls_.end()) {
        found->second = space_.difference(found->second, where);
      }
      if (const auto found = calls_.find(call.value); found != calls_.end() && found->second == ArgumentSpace::none) calls_.erase(found);
    }
  }

  ArgumentSpace space_;
  std::map<std::uint16_t, ArgumentSpace::Set> calls_;  // none that is empty
  std::vector<Family> families_;
};

std::optional<std::vector<std::uint8_t>> families_of(Allowed& allowed) {
  if (allowed.makes(Family::other)) return std::nullopt;
  std::vector<std::uint8_t> numbers;
  std::vector<ir::Condition> unnamed;
  for (const NamedNumber& family : families()) {
    if (allowed.can("socket", test("socket", "domain", bits32, Compare::equal, family.number)))
      numbers.push_back(static_cast<std::uint8_t>(family.number));
    unnamed.push_back(test("socket", "domain", bits32, Compare::not_equal, family.number));
  }
  if (allowed.can("socket", ir::all_of(std::move(unnamed)))) return std::nullopt;
  for (const auto& [family, number] : knowledge::family_numbers)
    if (allowed.makes(family)) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// setns without a kind is refused with any of them, and clone3 as a whole, for its flags lie in memory.
std::uint64_t namespaces_of(Allowed& allowed) {
  if (allowed.calls().contains(id_of("clone3").value)) return 0;
  if (allowed.can("setns", test("setns", "nstype", bits32, Compare::equal, 0))) return 0;
  std::uint64_t refused = 0;
  for (const NamedNumber& space : namespaces()) {
    const auto asks = [&](std::string_view call, std::string_view argument) {
      return allowed.can(call, test(call, argument, space.number, Compare::equal, space.number));
    };
    if (!asks("clone", "flags") && !asks("unshare", "flags") && !asks("setns", "nstype")) refused |= space.number;
  }
  return refused;
}

bool never_write_execute(Allowed& allowed) {
  constexpr std::uint64_t both = prot_write | prot_exec;
  return !allowed.can("mmap", test("mmap", "prot", both, Compare::equal, both)) &&
         !allowed.can("mmap2", test("mmap2", "prot", both, Compare::equal, both)) &&
         !allowed.can("mprotect", test("mprotect", "prot", prot_exec, Compare::equal, prot_exec)) &&
         !allowed.can("pkey_mprotect", test("pkey_mprotect", "prot", prot_exec, Compare::equal, prot_exec)) &&
         !allowed.can("shmat", test("shmat", "shmflg", shm_exec, Compare::equal, shm_exec));
}

// openat2 is refused then, for its mode lies in memory.
bool never_set_id(Allowed& allowed, std::uint64_t create_flag) {
  const auto sets = [&](std::string_view call) { return test(call, "mode", set_id_bits, Compare::not_equal, 0); };
  return std::none_of(std::begin(giving_mode), std::end(giving_mode), [&](std::string_view call) { return allowed.can(call, sets(call)); }) &&
         std::none_of(std::begin(opening), std::end(opening),
                      [&](std::string_view call) {
                        return allowed.can(call, ir::all_of({test(call, "flags", create_flag, Compare::not_equal, 0), sets(call)}));
                      }) &&
         !allowed.calls().contains(id_of("openat2").value);
}

bool is_default(CallId call) {
  const auto calls = default_calls();
  return std::find(calls.begin(), calls.end(), name_of(call)) != calls.end();
}

}  // namespace

Plan plan_of(const ir::Policy& policy, const eval::Meaning& meaning) {
  Allowed allowed(meaning);
  Plan plan;
  for (const auto& [call, arguments] : allowed.calls())
    if (!is_default(CallId{call}) && is_known(name_of(CallId{call}))) plan.calls.insert(call);
  for (const std::string_view name : later_default_calls())
    if (const CallId call = id_of(name); !allowed.calls().contains(call.value)) plan.unneeded.insert(call.value);
  if (sees_socket(policy.configuration.arch)) plan.families = families_of(allowed);
  plan.namespaces = namespaces_of(allowed);
  plan.denies_write_execute = sees_mapping(policy.configuration.arch) && never_write_execute(allowed);
  plan.create_flag = *knowledge::find_constant(Os::linux_os, policy.configuration.arch, "O_CREAT");
  plan.denies_set_id = never_set_id(allowed, plan.create_flag);
  return plan;
}

bool is_listed(const Plan& plan, CallId call) { return plan.calls.contains(call.value) || is_default(call); }

std::optional<ir::Condition> arguments_of(const Plan& plan, CallId call) {
  const std::string_view name = name_of(call);
  if (plan.denies_set_id) {
    if (name == "openat2") return std::nullopt;
    if (is_one_of(giving_mode, name)) return test(name, "mode", set_id_bits, Compare::equal, 0);
    if (is_one_of(opening, name))
      return ir::any_of({test(name, "flags", plan.create_flag, Compare::equal, 0), test(name, "mode", set_id_bits, Compare::equal, 0)});
  }
  if (name == "socket" && plan.families) {
    if (plan.families->empty()) return std::nullopt;
    std::vector<ir::Condition> any;
    for (const std::uint8_t family : *plan.families) any.push_back(test(name, "domain", bits32, Compare::equal, family));
    return ir::any_of(std::move(any));
  }
  if (plan.namespaces != 0) {
    if (name == "clone3") return std::nullopt;
    if (name == "clone" || name == "unshare") return test(name, "flags", plan.namespaces, Compare::equal, 0);
    if (name == "setns")
      return ir::all_of({test(name, "nstype", plan.namespaces, Compare::equal, 0), test(name, "nstype", bits32, Compare::not_equal, 0)});
  }
  if (plan.denies_write_execute) {
    constexpr std::uint64_t both = prot_write | prot_exec;
    if (name == "mmap" || name == "mmap2") return test(name, "prot", both, Compare::not_equal, both);
    if (name == "mprotect" || name == "pkey_mprotect") return test(name, "prot", prot_exec, Compare::equal, 0);
    if (name == "shmat") return test(name, "shmflg", shm_exec, Compare::equal, 0);
  }
  return ir::Condition{};
}

}  // namespace polc::systemd
