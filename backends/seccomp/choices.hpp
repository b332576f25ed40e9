// The options of `target seccomp { ... }`, and what follows from them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seccomp/instruction.hpp"
#include "support/platform.hpp"
#include "target/backend.hpp"
#include "target/launching.hpp"

namespace polc::seccomp {

enum class Weights : std::uint8_t {
  uniform,  // every allowed call alike
  cache,    // calls that the kernel answers without running the filter weigh next to nothing (5.11 and later)
  calls,    // by the profile alone, for kernels before 5.11
};

/// What else a program of the architecture may call by.
struct Abis {
  bool compat = false, x32 = false;
  bool operator==(const Abis&) const = default;
};
/// Who executes the program, when the filter is on already: itself before that, a launcher by execve, one by execveat of a descriptor.
enum class Exec : std::uint8_t { self, launcher, descriptor };
enum class BadArch : std::uint8_t { kill, kill_thread, error, log };
enum class CallOrder : std::uint8_t { automatic, uniform, cache };

/// As they are said.
struct Options {
  std::vector<Arch> archs;  // beside the configuration's
  Abis abis;
  std::string kernel;        // the oldest one to serve, "5.4"; empty: any
  Exec exec = Exec::self;
  std::uint32_t descriptor = target::usual_descriptor;  // of Exec::descriptor
  bool brings_multiplexers = true;  // socketcall and ipc where allows bring them
  BadArch bad_arch = BadArch::kill;
  bool only_logs = false;  // refusals are logged and let through
  CallOrder order = CallOrder::automatic;
};
inline const Options& options_of(const target::Settings& settings) { return settings.options.as<Options>(); }
/// For the backend's table.
std::vector<target::OptionSpec> options();

/// The call by which whoever loads the filter executes the program under it: it stays possible whatever the policy says.
struct Launch {
  std::string_view call;    // execve, for launchers that know nothing of it
  ir::Condition where;      // of execveat: one descriptor, that nothing can be after the start
  std::string_view option;  // as artefacts say it
};

/// What follows from the options for a configuration.
struct Choices {
  Options options;
  std::vector<Arch> archs;  // at least one, unique; the first is the configuration's
  Action bad_arch = action::kill_process;
  std::optional<Launch> launch;
  Weights weights = Weights::uniform;
};
Choices choices_of(const ir::Configuration& configuration, const target::Settings& settings);
bool is_launch(const Choices& choices, CallId call);
/// Such a call with any arguments.
bool is_whole_launch(const Choices& choices, CallId call);

/// The policies of one filter.
using Members = std::span<const target::Member>;
inline const ir::Policy& policy_of(const target::Member& member) { return member.source.policy; }

/// The architectures of a filter for several policies: each policy's own, and what their options add.
std::vector<Arch> archs_of(Members policies);
/// The policies that hold on an architecture: those configured for it; one that only an option added has the first's.
std::vector<const target::Member*> policies_for(Members policies, Arch arch);

}  // namespace polc::seccomp
