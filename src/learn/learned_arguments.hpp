// The calls of which a rule says with which arguments: the one table for every kind of log.
#pragma once

#include <array>
#include <string_view>

#include "learn/file_calls.hpp"

namespace polc::learn {

/// Which arguments decide what a call opens. Of all others any value opens nothing new, and a rule for each would only break the next libc.
struct LearnedRow {
  std::string_view call;
  std::array<int, 2> arguments;
};
inline constexpr std::array learned_rows{
    LearnedRow{"arch_prctl", {0, no_argument}},   LearnedRow{"bpf", {0, no_argument}},          LearnedRow{"fcntl", {1, no_argument}},
    LearnedRow{"getsockopt", {1, 2}},      LearnedRow{"ioctl", {1, no_argument}},        LearnedRow{"keyctl", {0, no_argument}},
    LearnedRow{"madvise", {2, no_argument}},      LearnedRow{"mlockall", {0, no_argument}},     LearnedRow{"mmap", {2, no_argument}},
    LearnedRow{"mprotect", {2, no_argument}},     LearnedRow{"personality", {0, no_argument}},  LearnedRow{"prctl", {0, no_argument}},
    LearnedRow{"quotactl", {0, no_argument}},     LearnedRow{"sched_setscheduler", {1, no_argument}}, LearnedRow{"seccomp", {0, no_argument}},
    LearnedRow{"setsockopt", {1, 2}},
};

}  // namespace polc::learn
