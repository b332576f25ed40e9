// What each operation computes: once as linux/bpf_common.h and the kernel's rules have it, and by the running kernel too.
#include <doctest/doctest.h>

#include <cstdio>

#include "live_filter.hpp"
#include "seccomp/machine.hpp"
#include "seccomp/read.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::seccomp;
using namespace polc::seccomp::testing;

namespace {

constexpr std::uint16_t ld_imm = 0x00, ldx_imm = 0x01, ld_mem = 0x60, ldx_mem = 0x61, ld_len = 0x80, ldx_len = 0x81, st = 0x02,
                        stx = 0x03, tax = 0x07, txa = 0x87, ret_a = 0x16, rsh = 0x74;

struct Computation {
  const char* name;
  Program steps;
  std::uint32_t result;  // the accumulator's low 12 bits
};

// A loaded with a, X with x, then one operation.
Program of_two(std::uint32_t a, std::uint32_t x, std::uint16_t code, std::uint32_t k = 0) {
  return {{ldx_imm, 0, 0, x}, {ld_imm, 0, 0, a}, {code, 0, 0, k}};
}
// 1 when the jump is taken.
Program of_jump(std::uint32_t a, std::uint32_t x, std::uint16_t code) {
  return {{ldx_imm, 0, 0, x}, {ld_imm, 0, 0, a}, {code, 0, 2, 0}, {ld_imm, 0, 0, 1}, {op::always, 0, 0, 1}, {ld_imm, 0, 0, 0}};
}

const std::vector<Computation> computations{
    {"add k", of_two(5, 0, 0x04, 7), 12},
    {"add x", of_two(0xFFFF'FFFF, 3, 0x0c), 2},
    {"sub k", of_two(12, 0, 0x14, 5), 7},
    {"sub x", of_two(0, 1, 0x1c), 0xFFF},
    {"mul k", of_two(6, 0, 0x24, 7), 42},
    {"mul x", of_two(0x8000'0001, 2, 0x2c), 2},
    {"div k", of_two(43, 0, 0x34, 6), 7},
    {"div x, unsigned", of_two(0xFFFF'FFFE, 0x7FFF'FFFF, 0x3c), 2},
    {"or k", of_two(0x50, 0, 0x44, 5), 0x55},
    {"or x", of_two(0x50, 0x14, 0x4c), 0x54},
    {"and k", of_two(0x5F, 0, 0x54, 0x3C), 0x1C},
    {"and x", of_two(0x5F, 0x3C, 0x5c), 0x1C},
    {"xor k", of_two(0xFF, 0, 0xa4, 0x0F), 0xF0},
    {"xor x", of_two(0xFF, 0x3C, 0xac), 0xC3},
    {"lsh k", of_two(1, 0, 0x64, 11), 0x800},
    {"lsh x, five bits of it", of_two(1, 33, 0x6c), 2},
    {"rsh k", of_two(0x8000'0000, 0, rsh, 31), 1},
    {"rsh x, five bits of it", of_two(0x800, 35, 0x7c), 0x100},
    {"neg", of_two(1, 0, 0x84), 0xFFF},
    {"tax, txa", {{ld_imm, 0, 0, 9}, {tax, 0, 0, 0}, {ld_imm, 0, 0, 4}, {txa, 0, 0, 0}}, 9},
    {"st, ld mem", {{ld_imm, 0, 0, 9}, {st, 0, 0, 15}, {ld_imm, 0, 0, 4}, {ld_mem, 0, 0, 15}}, 9},
    {"stx, ldx mem", {{ldx_imm, 0, 0, 9}, {stx, 0, 0, 0}, {ldx_imm, 0, 0, 4}, {ldx_mem, 0, 0, 0}, {txa, 0, 0, 0}}, 9},
    {"ld len", {{ld_len, 0, 0, 0}}, 64},
    {"ldx len", {{ldx_len, 0, 0, 0}, {txa, 0, 0, 0}}, 64},
    {"jeq x", of_jump(7, 7, 0x1d), 1},
    {"jeq x, not", of_jump(7, 8, 0x1d), 0},
    {"jgt x, unsigned", of_jump(0xFFFF'FFFF, 7, 0x2d), 1},
    {"jgt x, not", of_jump(7, 7, 0x2d), 0},
    {"jge x", of_jump(7, 7, 0x3d), 1},
    {"jge x, not", of_jump(6, 7, 0x3d), 0},
    {"jset x", of_jump(6, 2, 0x4d), 1},
    {"jset x, not", of_jump(6, 9, 0x4d), 0},
};

constexpr std::uint32_t getpid_number = 39;

// The result becomes the errno with which getpid is refused; the child needs its other calls.
Program refusing_with(const Program& steps) {
  Program program{{op::load, 0, 0, 0}, {op::equal, 1, 0, getpid_number}, {op::answer, 0, 0, action::allow}};
  program.insert(program.end(), steps.begin(), steps.end());
  program.insert(program.end(), {{op::mask, 0, 0, 0xFFF}, {0x44, 0, 0, action::errno_base}, {ret_a, 0, 0, 0}});
  return program;
}

const CallData getpid_data = call_data(0xC000'003E, false, getpid_number, {});

}  // namespace

TEST_CASE("machine: each operation computes what it should, and what the kernel computes") {
  const bool is_live = can_load_filters();
  if (!is_live) std::printf("SKIPPED: the kernel takes no filter here\n");
  for (const Computation& one : computations) {
    CAPTURE(one.name);
    const Program program = refusing_with(one.steps);
    REQUIRE_FALSE(fault_of(program));
    CHECK(run(program, getpid_data).action == (action::errno_base | one.result));
    if (!is_live) continue;
    std::string why;
    const auto results = live_results(program, {{getpid_number, {}}}, why);
    REQUIRE_MESSAGE(results, why);
    CHECK(results->front().value == -static_cast<long>(one.result));
  }
}

TEST_CASE("machine: a division by X that is 0 answers 0, which kills") {
  const Program program = refusing_with(of_two(7, 0, 0x3c));
  REQUIRE_FALSE(fault_of(program));
  CHECK(run(program, getpid_data).action == action::kill_thread);
  if (!can_load_filters()) return;
  std::string why;
  const auto results = live_results(program, {{getpid_number, {}}}, why);
  REQUIRE_MESSAGE(results, why);
  CHECK(results->front().killed);
}

TEST_CASE("machine: scratch words must be written on every way, and shifts stay within a word") {
  const auto fault = [](const Program& program) {
    const auto found = fault_of(program);
    return found ? found->message : "";
  };
  const Instruction end{op::answer, 0, 0, action::allow};
  CHECK(fault({{st, 0, 0, 3}, {ld_mem, 0, 0, 3}, end}) == "");
  CHECK(fault({{st, 0, 0, 16}, end}) == "a scratch word beyond the 16th");
  CHECK(fault({{op::load, 0, 0, 0}, {op::equal, 0, 1, 5}, {st, 0, 0, 3}, {ldx_mem, 0, 0, 3}, end}) ==
        "a scratch word is read before it is written");
  CHECK(fault({{rsh, 0, 0, 32}, end}) == "a shift by more than a word");
}

TEST_CASE("asm: an unconditional jump is read, and only forward to a label that is there") {
  const auto read = [](std::string_view text) { return listing_from_asm(text); };
  const auto good = read("ld [0]\nja over\nret #0\nover: ret #0x7fff0000 ; allow\n");
  REQUIRE(good);
  CHECK(good->program == Program{{op::load, 0, 0, 0}, {op::always, 0, 0, 1}, {op::answer, 0, 0, 0}, {op::answer, 0, 0, action::allow}});
  for (const char* wrong : {"ja nowhere\nret #0\n", "back: ld [0]\nja back\nret #0\n", "a: ret #0\na: ret #0\n", "ld #0\n",
                            "jeq #1, a\na: ret #0\n", "ret #4294967296\n", "ret 0\n", "ret #0, a\n", "st #0\n"}) {
    CAPTURE(wrong);
    const auto bad = read(wrong);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().line > 0);
  }
}
