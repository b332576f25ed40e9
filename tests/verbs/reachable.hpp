// Which calls a seccomp filter lets through, read by a machine that shares nothing with the compiler's own.
//   const auto lines = verbs::lines_in(bytes);   // format bpf: struct sock_filter, one after the other
//   verbs::may_pass(lines, audit_arch, number)   // with some arguments; false: refused whatever they are
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace verbs {

struct Line {
  std::uint16_t code = 0;
  std::uint8_t if_true = 0, if_false = 0;
  std::uint32_t operand = 0;
};

/// Empty: these bytes are no filter.
std::vector<Line> lines_in(std::string_view bytes);

/// Arguments are unknown: a test of one goes both ways, so "false" is sure, and "true" may be too much. A filter that
/// does what the kernel does not load, or that this machine does not know, lets everything through.
bool may_pass(const std::vector<Line>& lines, std::uint32_t arch, std::uint32_t number);

}  // namespace verbs
