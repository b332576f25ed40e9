// What the running kernel has, by asking it: its word for a version is not taken for what it does.
#pragma once

#include <cstdint>
#include <string>

#include "sandbox/kernel.hpp"

namespace polc::sandbox {

struct Host {
  std::string release;       // "6.18.44"
  std::string machine;       // "x86_64"
  unsigned landlock_abi = 0; // 0: it has none, for landlock_error
  int landlock_error = 0;
  unsigned landlock_errata = 0;
  std::uint64_t hard_nofile = 0;
  std::string seccomp_actions;  // "kill_process kill_thread trap errno ..."
};
Host host_of(const Kernel& kernel);

/// Why there is no Landlock, in words that say what to do.
std::string missing_landlock_words(int error);

}  // namespace polc::sandbox
