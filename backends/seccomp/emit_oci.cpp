#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "seccomp/decision.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/refusal.hpp"

namespace polc::seccomp {
namespace {

using Json = nlohmann::ordered_json;

std::string_view arch_word(Arch arch) {
  switch (arch) {
    case Arch::x86_64: return "SCMP_ARCH_X86_64";
    case Arch::x86: return "SCMP_ARCH_X86";
    case Arch::x32: return "SCMP_ARCH_X32";
    case Arch::aarch64: return "SCMP_ARCH_AARCH64";
    case Arch::arm: return "SCMP_ARCH_ARM";
    case Arch::riscv64: return "SCMP_ARCH_RISCV64";
    case Arch::ppc64le: return "SCMP_ARCH_PPC64LE";
    case Arch::s390x: return "SCMP_ARCH_S390X";
    case Arch::mips64: return "SCMP_ARCH_MIPS64";
  }
  return "";
}

void set_action(Json& object, Action action, std::string_view key, std::string_view errno_key) {
  switch (action & 0xFFFF'0000u) {
    case action::allow: object[key] = "SCMP_ACT_ALLOW"; return;
    case action::log: object[key] = "SCMP_ACT_LOG"; return;
    case action::kill_process: object[key] = "SCMP_ACT_KILL_PROCESS"; return;
    default: break;
  }
  object[key] = "SCMP_ACT_ERRNO";
  object[errno_key] = action & 0xFFFFu;
}

std::string_view op_word(const ir::ArgumentTest& test) {
  if (test.mask != ~std::uint64_t{0}) return "SCMP_CMP_MASKED_EQ";
  switch (test.op) {
    case sets::Compare::equal: return "SCMP_CMP_EQ";
    case sets::Compare::not_equal: return "SCMP_CMP_NE";
    case sets::Compare::less: return "SCMP_CMP_LT";
    case sets::Compare::less_equal: return "SCMP_CMP_LE";
    case sets::Compare::greater: return "SCMP_CMP_GT";
    case sets::Compare::greater_equal: return "SCMP_CMP_GE";
  }
  return "";
}

Json arguments_of(const ir::Condition& condition) {
  Json arguments = Json::array();
  for (const ir::Condition& term : condition.terms) {
    const ir::ArgumentTest& test = term.test;
    const bool is_masked = test.mask != ~std::uint64_t{0};
    Json one{{"index", test.argument}, {"value", is_masked ? test.mask : test.value}};
    if (is_masked) one["valueTwo"] = test.value;
    one["op"] = op_word(test);
    arguments.push_back(std::move(one));
  }
  return arguments;
}

}  // namespace

// A call that a deny names is refused as a whole (project.cpp declares so); the refusal of a call that is allowed under
// conditions is the default's, since libseccomp lets a rule without comparisons override those with some.
std::string oci_text(std::span<const target::LegalPolicy* const> policies) {
  const target::LegalPolicy& policy = *policies.front();
  const Choices choices = choices_of(policy.policy().configuration, policy.settings());
  const Refusals refusals(policy.policy(), choices);
  std::vector<CallId> denied, allowed;
  for (const target::LegalRule& rule : policy.rules())
    if (const auto* box = std::get_if<ir::CallBox>(&rule.piece.wanted)) {
      auto& list = rule.effect == ir::Effect::deny ? denied : allowed;
      list.insert(list.end(), box->calls.begin(), box->calls.end());
    }
  const auto has = [](const std::vector<CallId>& list, CallId call) {
    return std::find(list.begin(), list.end(), call) != list.end();
  };
  Json profile;
  set_action(profile, refusals.unknown(), "defaultAction", "defaultErrnoRet");
  profile["architectures"] = Json::array();
  for (const Arch arch : choices.archs) profile["architectures"].push_back(arch_word(arch));
  Json rules = Json::array();
  const auto name = [](CallId call) { return knowledge::call_of(Os::linux_os, call).name; };
  if (choices.launcher) rules.push_back(Json{{"names", {"execve"}}, {"action", "SCMP_ACT_ALLOW"}});
  for (const target::LegalRule& rule : policy.rules()) {
    const auto* box = std::get_if<ir::CallBox>(&rule.piece.wanted);
    if (box == nullptr || rule.effect != ir::Effect::allow) continue;
    Json names = Json::array();
    for (const CallId call : box->calls)
      if (!has(denied, call) && !(choices.launcher && name(call) == "execve")) names.push_back(name(call));
    if (names.empty()) continue;
    Json one{{"names", names}, {"action", "SCMP_ACT_ALLOW"}};
    if (!box->where.terms.empty()) one["args"] = arguments_of(box->where);
    rules.push_back(std::move(one));
  }
  std::map<Action, Json> by_action;
  for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
    const CallId call{static_cast<std::uint16_t>(i)};
    const bool is_allowed = (has(allowed, call) && !has(denied, call)) || (choices.launcher && name(call) == "execve");
    if (const Action refusal = refusals.of(call); !is_allowed && refusal != refusals.unknown())
      by_action[refusal].push_back(name(call));
  }
  for (auto& [action, names] : by_action) {
    Json one{{"names", names}};
    set_action(one, action, "action", "errnoRet");
    rules.push_back(std::move(one));
  }
  profile["syscalls"] = std::move(rules);
  return profile.dump(2) + "\n";
}

}  // namespace polc::seccomp
