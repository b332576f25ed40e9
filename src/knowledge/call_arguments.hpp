// Where a filter on one architecture finds the arguments of a Linux call: they are numbered as in the call's table,
// which is x86_64's order, and lie elsewhere on some architectures.
//   place_of(Arch::s390x, clone, 0) is args[1];   place_of(Arch::arm, pread64, 3) is args[4], its high half args[5]
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "knowledge/calls.hpp"
#include "knowledge/vocabulary.hpp"
#include "support/platform.hpp"

namespace polc::knowledge {

struct ArgumentPlace {
  std::uint8_t low = 0;     // args[low] holds it, or its low 32 bits
  std::uint8_t high = 0;    // args[high] holds its high 32 bits when it fills two registers; else the same as `low`
  std::uint8_t width = 64;  // the bits that the kernel reads, of both together: 16, 32 or 64
  bool operator==(const ArgumentPlace&) const = default;
};

/// nullopt: no filter can see it there, because it lies in memory (x86's mmap). POLC_CHECKs that the call has it.
std::optional<ArgumentPlace> place_of(Arch arch, CallId id, unsigned argument);
/// The call's arguments lie behind a pointer in its first register (x86's mmap and select, s390x's mmap).
bool has_arguments_in_memory(Arch arch, CallId id);

/// An id of 16 bits: those of the oldest calls of x86 and arm (setuid, but not setuid32).
bool is_old_id(Arch arch, const Call& call, const CallArgument& argument);

/// What a register carries: an argument, or, with 32 bits, a half of one (of a long the low one). Registers that carry none (arm's padding, those after
/// the last argument) are given numbers that no argument has, their own where it is free.
struct RegisterContent {
  enum class Part : std::uint8_t { whole, low, high };
  std::uint8_t argument = 0;
  Part part = Part::whole;
  auto operator<=>(const RegisterContent&) const = default;
};
/// By register. Of a call whose arguments lie in memory: each its own number.
std::array<RegisterContent, 6> contents_of_registers(Arch arch, CallId id);

}  // namespace polc::knowledge
