#include "seccomp/machine.hpp"

#include <algorithm>

namespace polc::seccomp {
namespace {

// linux/bpf_common.h: the parts of an operation code.
enum Class : std::uint16_t { ld = 0, ldx = 1, st = 2, stx = 3, alu = 4, jmp = 5, ret = 6, misc = 7 };
constexpr std::uint16_t class_of(std::uint16_t code) { return code & 7; }
constexpr std::uint16_t source_x = 0x08;

constexpr std::array known_codes{
    std::uint16_t{0x20}, std::uint16_t{0x80}, std::uint16_t{0x81}, std::uint16_t{0x06},
    std::uint16_t{0x16},  // ld, len, ret
    std::uint16_t{0x04}, std::uint16_t{0x0c}, std::uint16_t{0x14}, std::uint16_t{0x1c},
    std::uint16_t{0x24},  // add sub mul
    std::uint16_t{0x2c}, std::uint16_t{0x34}, std::uint16_t{0x3c}, std::uint16_t{0x54},
    std::uint16_t{0x5c},  // div and
    std::uint16_t{0x44}, std::uint16_t{0x4c}, std::uint16_t{0xa4}, std::uint16_t{0xac},
    std::uint16_t{0x64},                                                                 // or xor lsh
    std::uint16_t{0x6c}, std::uint16_t{0x74}, std::uint16_t{0x7c}, std::uint16_t{0x84},  // rsh neg
    std::uint16_t{0x00}, std::uint16_t{0x01}, std::uint16_t{0x07}, std::uint16_t{0x87},
    std::uint16_t{0x60},  // imm tax txa
    std::uint16_t{0x61}, std::uint16_t{0x02}, std::uint16_t{0x03}, std::uint16_t{0x05},
    std::uint16_t{0x15},  // mem, jumps
    std::uint16_t{0x1d}, std::uint16_t{0x35}, std::uint16_t{0x3d}, std::uint16_t{0x25},
    std::uint16_t{0x2d}, std::uint16_t{0x45}, std::uint16_t{0x4d}};

bool uses_scratch(std::uint16_t code) { return code == 0x60 || code == 0x61 || code == 0x02 || code == 0x03; }
bool is_shift(std::uint16_t code) { return code == 0x64 || code == 0x74; }

std::string jump_fault(const Program& program, std::size_t at) {
  const Instruction& one = program[at];
  const std::size_t left = program.size() - at - 1;
  if (one.code == op::always) return one.k < left ? "" : "a jump out of the program";
  return one.jt < left && one.jf < left ? "" : "a jump out of the program";
}

std::string fault_at(const Program& program, std::size_t at) {
  const Instruction& one = program[at];
  if (std::find(known_codes.begin(), known_codes.end(), one.code) == known_codes.end())
    return "an operation that seccomp does not take";
  if (one.code == op::load && (one.k >= size_of_data || one.k % 4 != 0)) return "a load outside struct seccomp_data";
  if (uses_scratch(one.code) && one.k >= 16) return "a scratch word beyond the 16th";
  if (one.code == 0x34 && one.k == 0) return "a division by zero";
  if (is_shift(one.code) && one.k >= 32) return "a shift by more than a word";
  return class_of(one.code) == jmp ? jump_fault(program, at) : "";
}

// A scratch word must have been written on every way to where it is read.
std::optional<Fault> scratch_fault(const Program& program) {
  std::vector<std::uint16_t> written(program.size(), 0xFFFF);
  std::uint16_t now = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const Instruction& one = program[at];
    now &= written[at];
    const auto bit = static_cast<std::uint16_t>(1u << (one.k & 15));
    const auto reaches = [&](std::size_t to) { written[to] &= now; };
    switch (class_of(one.code)) {
      case st:
      case stx: now |= bit; break;
      case ld:
      case ldx:
        if (uses_scratch(one.code) && (now & bit) == 0) return Fault{at, "a scratch word is read before it is written"};
        break;
      case jmp:
        if (one.code == op::always) reaches(at + 1 + one.k);
        else reaches(at + 1 + one.jt), reaches(at + 1 + one.jf);
        now = 0xFFFF;
        break;
      case ret: now = 0xFFFF; break;
      default: break;
    }
  }
  return std::nullopt;
}

std::uint32_t computed(std::uint16_t code, std::uint32_t a, std::uint32_t b) {
  switch (code & 0xF0) {
    case 0x00: return a + b;
    case 0x10: return a - b;
    case 0x20: return a * b;
    case 0x30: return a / b;  // b is not 0: run() answers before
    case 0x40: return a | b;
    case 0x50: return a & b;
    case 0x60: return a << (b & 31);  // the converter makes 32-bit shifts, which look at five bits
    case 0x70: return a >> (b & 31);
    case 0x80: return 0 - a;
    default: return a ^ b;
  }
}

bool holds(std::uint16_t code, std::uint32_t a, std::uint32_t b) {
  switch (code & 0xF0) {
    case 0x10: return a == b;
    case 0x20: return a > b;
    case 0x30: return a >= b;
    default: return (a & b) != 0;
  }
}

}  // namespace

CallData call_data(std::uint32_t audit_arch, bool is_big_endian, std::uint32_t number,
                   const std::array<std::uint64_t, 6>& arguments) {
  CallData data;
  data.words[0] = number;
  data.words[1] = audit_arch;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    data.words[4 + 2 * i + (is_big_endian ? 1 : 0)] = static_cast<std::uint32_t>(arguments[i]);
    data.words[4 + 2 * i + (is_big_endian ? 0 : 1)] = static_cast<std::uint32_t>(arguments[i] >> 32);
  }
  return data;
}

std::optional<Fault> fault_of(const Program& program) {
  if (program.empty()) return Fault{0, "an empty program"};
  if (program.size() > longest_program) return Fault{longest_program, "more than 4096 instructions"};
  for (std::size_t at = 0; at < program.size(); ++at)
    if (std::string message = fault_at(program, at); !message.empty()) return Fault{at, std::move(message)};
  if (class_of(program.back().code) != ret) return Fault{program.size() - 1, "the program does not end with an answer"};
  return scratch_fault(program);
}

Answer run(const Program& program, const CallData& data) {
  std::uint32_t a = 0, x = 0;
  std::array<std::uint32_t, 16> scratch{};
  unsigned steps = 0;
  std::optional<std::size_t> test;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const Instruction& one = program[at];
    ++steps;
    const std::uint32_t operand = (one.code & source_x) != 0 ? x : one.k;
    switch (class_of(one.code)) {
      case ld:
        a = one.code == op::load ? data.words[one.k / 4]
            : one.code == 0x60   ? scratch[one.k]
            : one.code == 0x80   ? size_of_data
                                 : one.k;
        break;
      case ldx: x = one.code == 0x61 ? scratch[one.k] : one.code == 0x81 ? size_of_data : one.k; break;
      case st: scratch[one.k] = a; break;
      case stx: scratch[one.k] = x; break;
      case misc: (one.code == 0x87 ? a : x) = one.code == 0x87 ? x : a; break;
      case ret: return {one.code == op::answer ? one.k : a, at, steps, test.value_or(at)};
      case jmp:
        if (one.code == op::always) at += one.k;
        else test = at, at += holds(one.code, a, operand) ? one.jt : one.jf;
        break;
      default:
        if ((one.code & 0xF0) == 0x30 && operand == 0) return {action::kill_thread, at, steps, at};  // the kernel answers 0
        a = computed(one.code, a, operand);
    }
  }
  return {action::kill_process, program.size(), steps, program.size()};
}

}  // namespace polc::seccomp
