// What a Linux system call is to those who make it: can it be refused, and what else would have done.
//   knowledge::cannot_fail(getppid);  knowledge::falls_back(clone3);  knowledge::family_of(openat) holds openat2
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "knowledge/vocabulary.hpp"
#include "support/platform.hpp"

namespace polc::knowledge {

/// Programs do not look whether it failed, so refusing it with an errno does harm: allow it, or kill.
bool cannot_fail(CallId id);
/// Told ENOSYS, libc (or whoever uses it) takes an older way; any other errno is taken for a failure.
bool falls_back(CallId id);

/// All calls that stand in for this one, itself among them, sorted; which one runs depends on libc and architecture.
std::vector<CallId> family_of(CallId id);

/// The kernel does not know the call before this release: compares "5.9" with "5.10". An empty `since` is before all.
bool is_newer(std::string_view since, std::string_view kernel);

/// A call that this architecture also offers through another, whose first argument says which: socketcall and ipc.
struct Multiplexed {
  CallId through;
  std::uint32_t selector;             // of argument 0 ...
  std::uint32_t mask = 0xFFFF'FFFFu;  // ... under this mask. The other arguments lie in memory.
};
std::optional<Multiplexed> multiplexed(Arch arch, CallId id);
/// Is it such another call?
bool is_multiplexer(CallId id);

}  // namespace polc::knowledge
