#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "seccomp/decision.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/refusal.hpp"
#include "seccomp/ruleset.hpp"

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

/// The rules of one profile, each with the parts of the policy that it is there for.
class Profile {
 public:
  explicit Profile(const target::Member& policy)
      : policy_(policy),
        choices_(choices_of(policy_of(policy).configuration, policy.settings)),
        refusals_(policy_of(policy), choices_, policy_of(policy).configuration.arch) {
    for (const CallRule& rule : rules_of(policy)) allowed_.insert(rule.box.calls.begin(), rule.box.calls.end());
  }

  target::Printed run() {
    Json profile;
    set_action(profile, refusals_.unknown(), "defaultAction", "defaultErrnoRet");
    profile["architectures"] = Json::array();
    for (const Arch arch : choices_.archs) profile["architectures"].push_back(arch_word(arch));
    if (choices_.launch)
      add(Json{{"names", {"execve"}}, {"action", "SCMP_ACT_ALLOW"}}, {Kind::fixed, {}, "option exec = launcher"});
    add_allowed();
    add_refused();
    const std::size_t longest = longest_filter();
    profile["syscalls"] = std::move(rules_);
    target::Printed out = printed(profile.dump(2) + "\n");
    if (longest > longest_program)
      out.unfit =
          fmt::format("libseccomp may make {} instructions of it, the kernel takes {}", longest, longest_program);
    return out;
  }

 private:
  using Kind = target::Origin::Kind;

  // Of a half of a register libseccomp makes a load, an AND and a jump, unless another comparison shares them; of a
  // call a jump.
  std::size_t longest_filter() const {
    std::size_t calls = 0, comparisons = 0;
    for (const Json& rule : rules_) {
      calls += rule["names"].size();
      if (const auto args = rule.find("args"); args != rule.end()) comparisons += args->size() * rule["names"].size();
    }
    std::size_t longest = 0;
    for (const Arch arch : choices_.archs)
      longest += calls + comparisons * (oci_registers(arch) == OciRegisters::of_64_bits ? 6 : 3);
    return longest;
  }

  static std::string_view name_of(CallId call) { return knowledge::call_of(Os::linux_os, call).name; }

  void add(Json rule, target::Origin origin) {
    rules_.push_back(std::move(rule));
    origins_.push_back(std::move(origin));
  }

  void add_allowed() {
    for (const CallRule& rule : rules_of(policy_)) {
      Json names = Json::array();
      for (const CallId call : rule.box.calls) names.push_back(name_of(call));
      Json one{{"names", names}, {"action", "SCMP_ACT_ALLOW"}};
      if (!rule.box.where.terms.empty()) one["args"] = arguments_of(rule.box.where);
      std::vector<std::uint32_t> from{rule.from};
      from.insert(from.end(), rule.denies.begin(), rule.denies.end());
      add(std::move(one), {Kind::rules, std::move(from)});
    }
  }

  // The refusal of a call that is allowed under conditions is the default's.
  void add_refused() {
    std::map<Action, Json> by_action;
    for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
      const CallId call{static_cast<std::uint16_t>(i)};
      const bool is_allowed = allowed_.contains(call) || is_launch(choices_, call);
      if (const Action refusal = refusals_.of(call); !is_allowed && refusal != refusals_.unknown())
        by_action[refusal].push_back(name_of(call));
    }
    for (auto& [action, names] : by_action) {
      Json one{{"names", names}};
      set_action(one, action, "action", "errnoRet");
      add(std::move(one), {Kind::fixed, {}, "calls that are refused in words of their own"});
    }
  }

  // A rule begins and ends at braces of its own depth, as dump() indents them.
  target::Printed printed(const std::string& text) {
    constexpr std::string_view begin = "    {", end = "    }";
    target::Printed out;
    std::size_t rule = 0;
    bool is_inside = false;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t stop = text.find('\n', at) + 1;
      const std::string_view line = std::string_view(text).substr(at, stop - at);
      is_inside |= line.substr(0, begin.size()) == begin;
      out.add(line, is_inside && rule < origins_.size() ? origins_[rule] : target::Origin{});
      if (is_inside && line.substr(0, end.size()) == end) is_inside = false, ++rule;
      at = stop;
    }
    return out;
  }

  const target::Member& policy_;
  Choices choices_;
  Refusals refusals_;
  std::set<CallId> allowed_;
  Json rules_ = Json::array();
  std::vector<target::Origin> origins_;
};

}  // namespace

target::Printed oci_text(const target::Member& policy) { return Profile(policy).run(); }

}  // namespace polc::seccomp
