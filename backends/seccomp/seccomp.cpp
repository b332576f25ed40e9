#include "seccomp/seccomp.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "seccomp/capabilities.hpp"
#include "seccomp/choices.hpp"
#include "seccomp/print.hpp"
#include "seccomp/read.hpp"
#include "seccomp/ruleset.hpp"
#include "target/launching.hpp"

namespace polc::seccomp {

namespace {

target::Shipped shipped(const ir::Policy&, const target::Settings& settings) {
  const Options& options = options_of(settings);
  std::vector<std::string_view> names;
  for (const Arch arch : options.archs) names.push_back(name_of(arch));
  return {.architectures = fmt::format("{}", fmt::join(names, ",")),
          .caution = options.only_logs
                         ? "The filter only logs (seccomp.log=all): where it is loaded, it refuses nothing."
                         : ""};
}

}  // namespace

const target::Backend& backend() {
  static const target::Backend self{
      .name = "seccomp",
      .summary = "Linux seccomp filters in classic BPF, proven equal to the policy",
      .suffix = ".bpf",
      .says_by_line = true,
      .asks_ways = true,
      .is_inherited = true,
      .shipping = target::Shipping::filter,
      .formats = {"asm", "bpf", "h", "oci"},
      .options = options(),
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .choose = choose,
      .print = print,
      .read = read,
      .print_together = print_together,
      .architectures = architectures,
      .error_elsewhere = error_elsewhere,
      .shipped = shipped};
  return self;
}

}  // namespace polc::seccomp
