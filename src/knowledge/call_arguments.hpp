// Where a filter on one architecture finds the arguments of a Linux call: they are numbered as in the call's table,
// which is x86_64's order, and lie elsewhere on some architectures.
//   place_of(Arch::s390x, clone, 0) is args[1];   place_of(Arch::arm, pread64, 3) is args[4], its high half args[5]
#pragma once

#include <cstdint>
#include <optional>

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

}  // namespace polc::knowledge
