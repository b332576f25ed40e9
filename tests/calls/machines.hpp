// The nine architectures and some fifty system calls as the kernel has them, for tests alone: written from its sources,
// with nothing of the compiler's. Numbers are libseccomp's.
//   value_of(*shape_of("clone"), 0, machine_of("s390x"), registers)   what clone reads as its flags there
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace polc::calls {

using Registers = std::array<std::uint64_t, 6>;

struct Machine {
  std::string_view name;      // as --arch takes it
  std::uint32_t token = 0;    // libseccomp's, which is also what a filter sees but on x32
  std::uint32_t seen_as = 0;  // seccomp_data.arch
  bool is_narrow = false;     // registers of 32 bits
  bool is_big_endian = false;
};
std::span<const Machine> machines();

/// How the kernel reads an argument (its SYSCALL_DEFINE).
enum class Kind : std::uint8_t {
  integer,  // int
  count,    // unsigned int
  mode,     // umode_t: 16 bits
  id,       // uid_t, gid_t: of 16 bits in the oldest calls of x86 and arm
  length,   // long
  word,     // unsigned long, or a pointer
  offset,   // loff_t: 64 bits everywhere
  mask64,   // u64
};
struct Argument {
  std::string_view name;
  Kind kind;
};
struct Shape {
  std::string_view name;
  std::vector<Argument> arguments;
};
const std::vector<Shape>& shapes();
const Shape& shape_of(std::string_view call);

/// seccomp_data.nr; nullopt: no such call there.
std::optional<std::uint32_t> number_of(std::string_view call, const Machine& machine);

/// Where the argument is.
struct Place {
  std::uint8_t low = 0, high = 0;  // the same: one register
};
/// nullopt: in memory.
std::optional<Place> place_of(const Shape& shape, unsigned argument, const Machine& machine);
bool is_in_memory(const Shape& shape, const Machine& machine);

/// An argument as a number of 64 bits with its sign gone on into them, as wide and signed as the kernel reads it.
struct Value {
  std::uint64_t bits = 0;
  unsigned width = 64;
  bool is_signed = false;
  bool is_short = false;  // an unsigned long of 32 bits: to it -1 is 0xffffffff
};
/// Of one that is not in memory.
Value value_of(const Shape& shape, unsigned argument, const Machine& machine, const Registers& registers);

/// By Linux's name, on this machine.
std::uint32_t errno_of(std::string_view name, const Machine& machine);

}  // namespace polc::calls
