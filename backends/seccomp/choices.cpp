#include "seccomp/choices.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "target/launching.hpp"

namespace polc::seccomp {
namespace {

void add(std::vector<Arch>& archs, Arch arch) {
  if (std::find(archs.begin(), archs.end(), arch) == archs.end()) archs.push_back(arch);
}

Action bad_arch_of(BadArch said, Arch arch) {
  switch (said) {
    case BadArch::kill: return action::kill_process;
    case BadArch::kill_thread: return action::kill_thread;
    case BadArch::log: return action::log;
    case BadArch::error: break;
  }
  return action::errno_base | static_cast<Action>(knowledge::find_errno(Os::linux_os, arch, "ENOSYS").value_or(38));
}

// A release as the kernel's authors number them: 5.10, 6.1.2.
std::optional<std::string> release_from(std::string_view text) {
  std::string_view rest = text;
  std::size_t numbers = 0;
  for (bool more = true; more; ++numbers) {
    const std::string_view number = rest.substr(0, rest.find('.'));
    if (number.empty() || number.size() > 4 || number.find_first_not_of("0123456789") != std::string_view::npos)
      return std::nullopt;
    more = number.size() < rest.size();
    rest.remove_prefix(number.size() + (more ? 1 : 0));
  }
  return numbers > 1 ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<Launch> launch_of(const Options& options) {
  switch (options.exec) {
    case Exec::self: break;
    case Exec::launcher: return Launch{"execve", {}, "option exec = launcher"};
    case Exec::descriptor: return Launch{"execveat", target::executes(options.descriptor), "option exec = descriptor"};
  }
  return std::nullopt;
}

}  // namespace

std::vector<target::OptionSpec> options() {
  using target::one_of;
  return {
      target::words("arch", &Options::archs, find_arch, fmt::format("it can be {}", fmt::join(arch_names, ", ")),
                    "architectures that the filter serves beside --arch, as x86_64,aarch64"),
      one_of("abi", &Options::abis,
             {{"native", {}}, {"compat", {.compat = true}}, {"x32", {.x32 = true}}, {"all", {true, true}}},
             "what else a program of the architecture may call by: its 32-bit ABI, x32"),
      target::a_word("kernel", &Options::kernel, release_from, "it is a release, as 5.10",
                     "the oldest kernel to serve, as 5.4: younger calls look absent; before 5.11 there is no cache"),
      one_of("exec", &Options::exec, {{"self", Exec::self}, {"launcher", Exec::launcher}, {"descriptor", Exec::descriptor}},
             "launcher: execve stays possible, for a loader that starts the program; descriptor: execveat of one descriptor"),
      target::a_word("descriptor", &Options::descriptor, target::descriptor_from, std::string(target::descriptor_shape),
                     "the number of that descriptor (65535)"),
      one_of("multiplexers", &Options::brings_multiplexers, {{"allow", true}, {"refuse", false}},
             "refuse: not even where libc has no other call, as on x86, do allows bring socketcall and ipc"),
      one_of("badarch", &Options::bad_arch,
             {{"kill", BadArch::kill},
              {"kill_thread", BadArch::kill_thread},
              {"errno", BadArch::error},
              {"log", BadArch::log}},
             "what a call by a foreign architecture meets"),
      one_of("log", &Options::only_logs, {{"no", false}, {"all", true}},
             "all: refusals are logged and let through, to try a policy out"),
      one_of("layout", &Options::order,
             {{"auto", CallOrder::automatic}, {"uniform", CallOrder::uniform}, {"cache", CallOrder::cache}},
             "which calls are decided first; auto: cache with --profile, else uniform")};
}

bool is_launch(const Choices& choices, CallId call) {
  return choices.launch && knowledge::call_of(Os::linux_os, call).name == choices.launch->call;
}

bool is_whole_launch(const Choices& choices, CallId call) { return is_launch(choices, call) && choices.launch->where.is_always(); }

Choices choices_of(const ir::Configuration& configuration, const target::Settings& settings) {
  Choices choices{.options = options_of(settings)};
  const Options& options = choices.options;
  add(choices.archs, configuration.arch);
  for (const Arch arch : options.archs) add(choices.archs, arch);
  if (options.abis.compat && configuration.arch == Arch::x86_64) add(choices.archs, Arch::x86);
  if (options.abis.compat && configuration.arch == Arch::aarch64) add(choices.archs, Arch::arm);
  if (options.abis.x32 && configuration.arch == Arch::x86_64) add(choices.archs, Arch::x32);
  choices.bad_arch = bad_arch_of(options.bad_arch, configuration.arch);
  choices.launch = launch_of(options);
  const bool has_cache = options.kernel.empty() || !knowledge::is_newer("5.11", options.kernel);
  if (options.order == CallOrder::cache || (options.order == CallOrder::automatic && !settings.call_counts.empty()))
    choices.weights = has_cache ? Weights::cache : Weights::calls;
  return choices;
}

std::vector<Arch> archs_of(Members policies) {
  std::vector<Arch> result;
  for (const target::Member& policy : policies) add(result, policy_of(policy).configuration.arch);
  for (const target::Member& policy : policies)
    for (const Arch arch : choices_of(policy_of(policy).configuration, policy.settings).archs) add(result, arch);
  return result;
}

std::vector<const target::Member*> policies_for(Members policies, Arch arch) {
  const auto of = [&](Arch wanted) {
    std::vector<const target::Member*> result;
    for (const target::Member& policy : policies)
      if (policy_of(policy).configuration.arch == wanted) result.push_back(&policy);
    return result;
  };
  auto own = of(arch);
  return own.empty() ? of(policy_of(policies.front()).configuration.arch) : own;
}

}  // namespace polc::seccomp
