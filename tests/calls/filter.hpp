// The kernel's machine for seccomp filters, as far as it runs them: classic BPF over struct seccomp_data. Written apart
// from the compiler's own.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "machines.hpp"

namespace polc::calls {

struct Instruction {
  std::uint16_t code = 0;
  std::uint8_t yes = 0, no = 0;
  std::uint32_t constant = 0;
};
using Filter = std::vector<Instruction>;

/// From struct sock_filter's bytes, little-endian ones first.
Filter filter_from(std::string_view bytes, bool is_big_endian = false);
/// SECCOMP_RET_*; nullopt: the program does what no filter of this test should do.
std::optional<std::uint32_t> answer_of(const Filter& filter, const Machine& machine, std::uint32_t number,
                                       const Registers& registers);

}  // namespace polc::calls
