// What a Linux system call is to a filter on one architecture: its number there, and how the architecture shows itself.
//   const CallId openat = *knowledge::find_call(Os::linux_os, "openat");
//   knowledge::number_of(Arch::aarch64, openat) == 56;   knowledge::audit_arch(Arch::aarch64) == 0xc00000b7
// An architecture lacks many calls (aarch64 has no open): nullopt there is a fact, no mistake.
#pragma once

#include <cstdint>
#include <optional>

#include "knowledge/vocabulary.hpp"
#include "support/platform.hpp"

namespace polc::knowledge {

/// The number as a filter sees it (seccomp_data.nr): x32's with its bit, mips64's from 5000. nullopt: no such call
/// there.
std::optional<std::uint32_t> number_of(Arch arch, CallId id);
/// The call with this number; nullopt: none that polc knows.
std::optional<CallId> call_with(Arch arch, std::uint32_t number);

/// AUDIT_ARCH_* (seccomp_data.arch). x86_64 and x32 share one: only the bit of number_base(Arch::x32) tells them apart.
std::uint32_t audit_arch(Arch arch);
/// What all numbers of this architecture start from: 0x40000000 for x32, 5000 for mips64, else 0.
std::uint32_t number_base(Arch arch);

/// How wide the registers are that carry the arguments: 32 on x86 and arm, else 64 (x32 too, although its pointers are
/// 32).
unsigned register_bits(Arch arch);
/// The ABI's long and pointers have 32 bits: x86, x32, arm.
bool is_32bit(Arch arch);
/// The high half of an argument comes first in memory.
bool is_big_endian(Arch arch);

}  // namespace polc::knowledge
