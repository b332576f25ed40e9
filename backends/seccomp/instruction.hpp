// Classic BPF as seccomp takes it: the instruction and its numbers (linux/filter.h, linux/seccomp.h), so that polc
// builds where there is no kernel header.
#pragma once

#include <cstdint>
#include <vector>

namespace polc::seccomp {

/// struct sock_filter. A jump goes to the next instruction plus jt (the test holds) or jf.
struct Instruction {
  std::uint16_t code = 0;
  std::uint8_t jt = 0;
  std::uint8_t jf = 0;
  std::uint32_t k = 0;
  bool operator==(const Instruction&) const = default;
};
using Program = std::vector<Instruction>;
inline constexpr std::size_t longest_program = 4096;  // BPF_MAXINSNS

namespace op {
inline constexpr std::uint16_t load = 0x20;      // BPF_LD | BPF_W | BPF_ABS
inline constexpr std::uint16_t mask = 0x54;      // BPF_ALU | BPF_AND | BPF_K
inline constexpr std::uint16_t always = 0x05;    // BPF_JMP | BPF_JA
inline constexpr std::uint16_t equal = 0x15;     // BPF_JMP | BPF_JEQ | BPF_K
inline constexpr std::uint16_t greater = 0x25;   // BPF_JGT
inline constexpr std::uint16_t at_least = 0x35;  // BPF_JGE
inline constexpr std::uint16_t any_bit = 0x45;   // BPF_JSET
inline constexpr std::uint16_t answer = 0x06;    // BPF_RET | BPF_K
}  // namespace op

/// A filter's answer: SECCOMP_RET_*, with the errno in its low half.
using Action = std::uint32_t;
namespace action {
inline constexpr Action kill_process = 0x8000'0000;
inline constexpr Action kill_thread = 0x0000'0000;
inline constexpr Action trap = 0x0003'0000;
inline constexpr Action errno_base = 0x0005'0000;
inline constexpr Action user_notify = 0x7FC0'0000;
inline constexpr Action trace = 0x7FF0'0000;
inline constexpr Action log = 0x7FFC'0000;
inline constexpr Action allow = 0x7FFF'0000;
}  // namespace action

// struct seccomp_data: nr, arch, the instruction pointer, six arguments of 64 bits in the machine's byte order.
inline constexpr std::uint32_t offset_of_number = 0;
inline constexpr std::uint32_t offset_of_arch = 4;
inline constexpr std::uint32_t offset_of_arguments = 16;
inline constexpr std::uint32_t size_of_data = 64;

/// Where an argument's low or high half lies.
constexpr std::uint32_t offset_of_half(unsigned argument, bool high, bool is_big_endian) {
  return offset_of_arguments + 8 * argument + (high != is_big_endian ? 4 : 0);
}

}  // namespace polc::seccomp
