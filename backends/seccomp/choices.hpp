// The options of `target seccomp { ... }`, understood.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seccomp/instruction.hpp"
#include "support/platform.hpp"
#include "target/backend.hpp"

namespace polc::seccomp {

enum class Weights : std::uint8_t {
  uniform,  // every allowed call alike
  cache,    // calls that the kernel answers without running the filter weigh next to nothing (5.11 and later)
  calls,    // by the profile alone, for kernels before 5.11
};

struct Choices {
  std::vector<Arch> archs;  // at least one, unique; the first is the configuration's
  Action bad_arch = action::kill_process;
  bool launcher = false;  // execve stays possible
  bool multiplexers = true;  // socketcall and ipc where allows bring them
  bool complain = false;  // refusals are logged and let through
  Weights weights = Weights::uniform;
  std::string kernel;  // the oldest one to serve, "5.4"; empty: any
};
Choices choices_of(const ir::Configuration& configuration, const target::Settings& settings);

/// The policies of one filter.
using Members = std::span<const target::Member>;
inline const ir::Policy& policy_of(const target::Member& member) { return member.source.policy; }

/// The architectures of a filter for several policies: each policy's own, and what their options add.
std::vector<Arch> archs_of(Members policies);
/// The policies that hold on an architecture: those configured for it; one that only an option added has the first's.
std::vector<const target::Member*> policies_for(Members policies, Arch arch);

/// Shapes of options that take any word (target::OptionSpec::fits): 5.10; x86_64,aarch64.
bool is_release(std::string_view word);
bool are_architectures(std::string_view words);

}  // namespace polc::seccomp
