#include "seccomp/seccomp.hpp"

#include <fmt/format.h>

#include "seccomp/capabilities.hpp"
#include "seccomp/choices.hpp"
#include "seccomp/print.hpp"
#include "seccomp/read.hpp"
#include "seccomp/ruleset.hpp"

namespace polc::seccomp {

const target::Backend& backend() {
  static const target::Backend self{
      .name = "seccomp",
      .summary = "Linux seccomp filters in classic BPF, proven equal to the policy",
      .suffix = ".bpf",
      .asks_ways = true,
      .is_inherited = true,
      .shipping = target::Shipping::filter,
      .formats = {"asm", "bpf", "h", "oci"},
      .options = {{"arch",
                   {},
                   "architectures that the filter serves beside --arch, as x86_64,aarch64",
                   are_architectures,
                   fmt::format("it can be {}", fmt::join(arch_names, ", "))},
                  {"abi",
                   {"native", "compat", "x32", "all"},
                   "what else a program of the architecture may call by: its 32-bit ABI, x32"},
                  {"kernel",
                   {},
                   "the oldest kernel to serve, as 5.4: younger calls look absent; before 5.11 there is no cache",
                   is_release,
                   "it is a release, as 5.10"},
                  {"exec",
                   {"self", "launcher"},
                   "launcher: execve stays possible, for a loader that starts the program"},
                  {"multiplexers",
                   {"allow", "refuse"},
                   "refuse: not even where libc has no other call, as on x86, do allows bring socketcall and ipc"},
                  {"badarch", {"kill", "kill_thread", "errno", "log"}, "what a call by a foreign architecture meets"},
                  {"log", {"no", "all"}, "all: refusals are logged and let through, to try a policy out"},
                  {"layout",
                   {"auto", "uniform", "cache"},
                   "which calls are decided first; auto: cache with --profile, else uniform"}},
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .choose = choose,
      .print = print,
      .read = read,
      .print_together = print_together,
      .architectures = architectures,
      .error_elsewhere = error_elsewhere};
  return self;
}

}  // namespace polc::seccomp
