// The text form: the kernel's own assembler language (tools/bpf/bpf_asm), with comments.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "seccomp/print.hpp"
#include "seccomp/ruleset.hpp"

namespace polc::seccomp {
namespace {

// By each architecture's own numbers: where they differ, those that give it another name are named.
std::string errno_words(std::uint32_t number, const std::vector<Arch>& archs) {
  std::string words;
  std::optional<std::string_view> before;
  for (const Arch arch : archs) {
    const auto name = knowledge::find_errno_name(Os::linux_os, arch, number);
    if (!words.empty() && name == before) continue;
    words += (words.empty() ? "" : ", on " + std::string(name_of(arch)) + " ") + (name ? std::string(*name) : fmt::format("errno {}", number));
    before = name;
  }
  return words;
}

std::string action_words(Action a, const std::vector<Arch>& archs) {
  switch (a & 0xFFFF'0000u) {
    case action::allow: return "allow";
    case action::log: return "log and allow";
    case action::kill_process: return "kill the process";
    case action::kill_thread: return "kill the thread";
    case action::errno_base: break;
    default: return "";
  }
  return "refuse, " + errno_words(a & 0xFFFFu, archs);
}

std::string load_words(std::uint32_t offset) {
  if (offset == offset_of_number) return "number";
  if (offset == offset_of_arch) return "architecture";
  if (offset < offset_of_arguments) return "instruction pointer";
  return fmt::format("arg {} {}", (offset - offset_of_arguments) / 8,
                     (offset & 4) != 0 ? "(upper word)" : "(lower word)");
}

std::string_view mnemonic(std::uint16_t code) {
  switch (code) {
    case op::equal: return "jeq";
    case op::greater: return "jgt";
    case op::at_least: return "jge";
    default: return "jset";
  }
}

std::string arch_words(std::uint32_t k) {
  for (std::size_t i = 0; i < arch_names.size(); ++i)
    if (knowledge::audit_arch(static_cast<Arch>(i)) == k) return std::string(arch_names[i]);
  return "";
}

// Where in the policy each call is named.
std::string places_of(CallId call, Members policies) {
  std::set<std::string> places;
  for (const target::Member& policy : policies)
    for (const CallRule& rule : rules_of(policy))
      if (places.size() < 3 && std::binary_search(rule.box.calls.begin(), rule.box.calls.end(), call))
        places.insert(diag::place_of(policy.source.sources, policy_of(policy).rules[rule.rule.value].origin.front()));
  return fmt::format("{}", fmt::join(places, " "));
}

/// How far the filter comes by number and architecture alone.
struct Dispatch {
  unsigned steps = 0;
  std::optional<Action> answer;  // no argument was looked at
};
Dispatch dispatch_of(const Program& program, std::uint32_t audit, std::uint32_t number) {
  Dispatch result;
  std::uint32_t held = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const Instruction& one = program[at];
    if (one.code == op::load && one.k >= offset_of_arguments) break;
    ++result.steps;
    if (one.code == op::load) held = one.k == offset_of_number ? number : audit;
    if (one.code == op::always) at += one.k;
    if (one.code == op::equal) at += held == one.k ? one.jt : one.jf;
    if (one.code == op::at_least) at += held >= one.k ? one.jt : one.jf;
    if (one.code == op::answer) {
      result.answer = one.k;
      break;
    }
  }
  return result;
}

// The calls that the kernel's cache answers, some to a line.
std::string cached_calls(const Program& program, Arch arch) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
    const CallId call{static_cast<std::uint16_t>(i)};
    const auto number = knowledge::number_of(arch, call);
    if (!number || dispatch_of(program, knowledge::audit_arch(arch), *number).answer != action::allow) continue;
    names.emplace_back(knowledge::call_of(Os::linux_os, call).name);
  }
  std::string out = fmt::format(
      "; {} calls are allowed whatever their arguments: from Linux 5.11 on, the kernel answers them\n"
      "; without running the filter\n",
      names.size());
  std::string line;
  for (const std::string& name : names) {
    if (line.size() + name.size() > 100) out += ";  " + line + '\n', line.clear();
    line += ' ' + name;
  }
  return line.empty() ? out : out + ";  " + line + '\n';
}

// The instruction, and what a reader should know of it.
std::pair<std::string, std::string> words_of(const Program& program, std::size_t at, bool holds_arch, const std::vector<Arch>& archs) {
  const Instruction& one = program[at];
  switch (one.code) {
    case op::load: return {fmt::format("ld [{}]", one.k), load_words(one.k)};
    case op::mask: return {fmt::format("and #{:#x}", one.k), ""};
    case op::answer: return {fmt::format("ret #{:#x}", one.k), action_words(one.k, archs)};
    case op::always: return {fmt::format("ja L{}", at + 1 + one.k), ""};
    default: break;
  }
  return {fmt::format("{} #{:#x}, L{}, L{}", mnemonic(one.code), one.k, at + 1 + one.jt, at + 1 + one.jf),
          holds_arch ? arch_words(one.k) : ""};
}

std::vector<bool> targets_in(const Program& program) {
  std::vector<bool> is_target(program.size(), false);
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (program[i].code == op::always) is_target[i + 1 + program[i].k] = true;
    else if ((program[i].code & 7) == 5) is_target[i + 1 + program[i].jt] = is_target[i + 1 + program[i].jf] = true;
  }
  return is_target;
}

void add_head(const Program& program, Members policies, target::Printed& out) {
  std::string line = "; seccomp filter of";
  std::vector<std::string_view> names;  // a policy of several architectures once
  for (const target::Member& policy : policies)
    if (std::find(names.begin(), names.end(), policy_of(policy).name) == names.end())
      names.push_back(policy_of(policy).name);
  for (const std::string_view name : names) line += fmt::format(" {}", name);
  out.note_begins = "; ";
  out.comment(line + fmt::format(", {} instructions", program.size()));
  out.mark_head();
  const Arch arch = policy_of(policies.front()).configuration.arch;
  if (arch != Arch::x32) out.comment(cached_calls(program, arch));
}

}  // namespace

target::Printed asm_text(const Generated& generated, Members policies, const std::vector<target::Origin>& origins) {
  const Program& program = generated.program;
  target::Printed out;
  add_head(program, policies, out);
  const Arch arch = policy_of(policies.front()).configuration.arch;
  const std::vector<Arch> archs = archs_of(policies);
  const std::vector<bool> is_target = targets_in(program);
  bool holds_arch = false;
  for (std::size_t i = 0; i < program.size(); ++i) {
    for (const CallId call : generated.calls_at[i]) {
      const auto number = knowledge::number_of(arch, call);
      const std::string after = number ? fmt::format(", after {} instructions",
                                                     dispatch_of(program, knowledge::audit_arch(arch), *number).steps)
                                       : "";
      out.comment(
          fmt::format("; {}: {}{}", knowledge::call_of(Os::linux_os, call).name, places_of(call, policies), after));
    }
    if (program[i].code == op::load) holds_arch = program[i].k == offset_of_arch;
    const auto [text, comment] = words_of(program, i, holds_arch, archs);
    const std::string label = is_target[i] ? fmt::format("L{}:", i) : "";
    out.add(
        comment.empty() ? fmt::format("{:<7}{}", label, text) : fmt::format("{:<7}{:<32} ; {}", label, text, comment),
        origins[i]);
  }
  return out;
}

}  // namespace polc::seccomp
