#include "seccomp/choices.hpp"

#include <algorithm>

#include "knowledge/call_traits.hpp"
#include "knowledge/names.hpp"

namespace polc::seccomp {
namespace {

void add(std::vector<Arch>& archs, Arch arch) {
  if (std::find(archs.begin(), archs.end(), arch) == archs.end()) archs.push_back(arch);
}

Action bad_arch_of(std::string_view word, Arch arch) {
  if (word == "kill_thread") return action::kill_thread;
  if (word == "log") return action::log;
  if (word == "errno")
    return action::errno_base | static_cast<Action>(knowledge::find_errno(Os::linux_os, arch, "ENOSYS").value_or(38));
  return action::kill_process;
}

}  // namespace

Choices choices_of(const ir::Configuration& configuration, const target::Settings& settings) {
  Choices choices;
  add(choices.archs, configuration.arch);
  // `arch` takes any words; check.cpp reports those that are no architecture.
  std::string_view words = settings.at("arch");
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(','), words.size());
    if (const auto arch = find_arch(words.substr(0, end))) add(choices.archs, *arch);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  const std::string_view abi = settings.at("abi");
  const bool compat = abi == "compat" || abi == "all";
  if (compat && configuration.arch == Arch::x86_64) add(choices.archs, Arch::x86);
  if (compat && configuration.arch == Arch::aarch64) add(choices.archs, Arch::arm);
  if ((abi == "x32" || abi == "all") && configuration.arch == Arch::x86_64) add(choices.archs, Arch::x32);
  choices.bad_arch = bad_arch_of(settings.at("badarch"), configuration.arch);
  choices.launcher = settings.at("exec") == "launcher";
  choices.multiplexers = settings.at("multiplexers") == "allow";
  choices.complain = settings.at("log") == "all";
  choices.kernel = settings.at("kernel");
  const std::string_view layout = settings.at("layout");
  const bool has_cache = choices.kernel.empty() || !knowledge::is_newer("5.11", choices.kernel);
  if (layout == "cache" || (layout == "auto" && !settings.call_counts.empty()))
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

// A release as the kernel's authors number them: 5.10, 6.1.2.
bool is_release(std::string_view text) {
  std::size_t numbers = 0;
  for (bool more = true; more; ++numbers) {
    const std::string_view number = text.substr(0, text.find('.'));
    if (number.empty() || number.size() > 4 || number.find_first_not_of("0123456789") != std::string_view::npos) return false;
    more = number.size() < text.size();
    text.remove_prefix(number.size() + (more ? 1 : 0));
  }
  return numbers > 1;
}

bool are_architectures(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (!find_arch(text.substr(0, end))) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

}  // namespace polc::seccomp
