#include "reachable.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstring>
#include <optional>
#include <set>
#include <tuple>

namespace verbs {
namespace {

using Value = std::optional<std::uint32_t>;  // nullopt: it depends on an argument

std::optional<bool> compared(std::uint16_t operation, Value left, Value right) {
  if (!left || !right) return std::nullopt;
  switch (operation) {
    case BPF_JEQ: return *left == *right;
    case BPF_JGT: return *left > *right;
    case BPF_JGE: return *left >= *right;
    default: return (*left & *right) != 0;  // BPF_JSET
  }
}

Value calculated(std::uint16_t operation, Value left, Value right) {
  if (!left || (!right && operation != BPF_NEG)) return std::nullopt;
  switch (operation) {
    case BPF_ADD: return *left + *right;
    case BPF_SUB: return *left - *right;
    case BPF_AND: return *left & *right;
    case BPF_OR: return *left | *right;
    case BPF_XOR: return *left ^ *right;
    case BPF_LSH: return *right < 32 ? *left << *right : 0;
    case BPF_RSH: return *right < 32 ? *left >> *right : 0;
    case BPF_NEG: return -*left;
    default: return std::nullopt;
  }
}

class Machine {
 public:
  Machine(const std::vector<Line>& lines, std::uint32_t arch, std::uint32_t number)
      : lines_(lines), arch_(arch), number_(number) {}

  // Jumps go forward alone, and what was looked at once is not looked at again.
  bool passes(std::size_t at, Value a, Value x) {
    if (!seen_.emplace(at, a, x).second) return false;
    for (; at < lines_.size(); ++at) {
      const Line& line = lines_[at];
      const Value operand = BPF_SRC(line.code) == BPF_X ? x : Value(line.operand);
      switch (BPF_CLASS(line.code)) {
        case BPF_LD:
          if (line.code == (BPF_LD | BPF_W | BPF_ABS)) a = loaded(line.operand);
          else if (line.code == (BPF_LD | BPF_IMM)) a = line.operand;
          else return true;
          break;
        case BPF_LDX:
          if (line.code != (BPF_LDX | BPF_IMM)) return true;
          x = line.operand;
          break;
        case BPF_ALU: a = calculated(BPF_OP(line.code), a, operand); break;
        case BPF_MISC:
          if (BPF_MISCOP(line.code) == BPF_TAX) x = a;
          else a = x;
          break;
        case BPF_JMP: {
          if (BPF_OP(line.code) == BPF_JA) {
            at += line.operand;
            break;
          }
          const auto answer = compared(BPF_OP(line.code), a, operand);
          if (!answer && passes(at + 1 + line.if_true, a, x)) return true;
          at += answer.value_or(false) ? line.if_true : line.if_false;
          break;
        }
        case BPF_RET: return BPF_RVAL(line.code) != BPF_K || !refuses(line.operand);
        default: return true;  // BPF_ST, BPF_STX: no filter here remembers anything
      }
    }
    return true;  // past the end
  }

 private:
  Value loaded(std::uint32_t place) const {
    if (place == 0) return number_;
    if (place == 4) return arch_;
    return std::nullopt;
  }

  static bool refuses(std::uint32_t answer) {
    const std::uint32_t action = answer & SECCOMP_RET_ACTION_FULL;
    return action == SECCOMP_RET_ERRNO || action == SECCOMP_RET_KILL_PROCESS || action == SECCOMP_RET_KILL_THREAD ||
           action == SECCOMP_RET_TRAP;
  }

  const std::vector<Line>& lines_;
  std::uint32_t arch_, number_;
  std::set<std::tuple<std::size_t, Value, Value>> seen_;
};

}  // namespace

std::vector<Line> lines_in(std::string_view bytes) {
  static_assert(sizeof(Line) == sizeof(sock_filter));
  std::vector<Line> lines(bytes.size() % sizeof(Line) == 0 ? bytes.size() / sizeof(Line) : 0);
  if (!lines.empty()) std::memcpy(lines.data(), bytes.data(), bytes.size());
  return lines;
}

bool may_pass(const std::vector<Line>& lines, std::uint32_t arch, std::uint32_t number) {
  return Machine(lines, arch, number).passes(0, 0U, 0U);
}

}  // namespace verbs
