// The kernel's machine for seccomp filters, written from its rules and apart from the code generator: which programs it
// takes (check), and what they answer (run).
#pragma once

#include <array>
#include <optional>
#include <string>

#include "seccomp/instruction.hpp"

namespace polc::seccomp {

/// struct seccomp_data, as the 32-bit words that a filter can load.
struct CallData {
  std::array<std::uint32_t, size_of_data / 4> words{};
};
CallData call_data(std::uint32_t audit_arch, bool is_big_endian, std::uint32_t number,
                   const std::array<std::uint64_t, 6>& arguments);

struct Fault {
  std::size_t place = 0;  // of the instruction
  std::string message;
};
/// What the kernel would refuse in this program (bpf_check_classic, check_load_and_stores, seccomp_check_filter).
std::optional<Fault> fault_of(const Program& program);

struct Answer {
  Action action = 0;
  std::size_t place = 0;  // of the instruction that answered
  unsigned steps = 0;     // instructions executed
  std::size_t decided = 0;  // place of the last test on the way; of the answer itself, where nothing was tested
};
/// For programs without a fault. It ends: jumps only go forward.
Answer run(const Program& program, const CallData& data);

}  // namespace polc::seccomp
