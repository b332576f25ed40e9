// Several architectures in one filter: numbers, registers and byte order of each.
#include <doctest/doctest.h>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/print.hpp"
#include "seccomp/machine.hpp"
#include "prove.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::seccomp;
using namespace polc::seccomp::testing;

namespace {

constexpr std::uint32_t x86_64 = 0xC000'003E, i386 = 0x4000'0003, aarch64 = 0xC000'00B7, arm = 0x4000'0028,
                        s390x = 0x8000'0016;
constexpr Action eperm = action::errno_base | 1;

struct Filter {
  std::unique_ptr<Compiled> policy;
  Program program;
  Filter(std::string_view lines, const GivenOptions& options)
      : policy(compiled(policy_of(lines), options)), program(program_of(*policy)) {
    CHECK(words_of(prove(policy->members(), raw_bytes(program))) == "");
  }
  Action ask(std::uint32_t arch, std::uint32_t number, const sets::Arguments& registers = {}) const {
    return run(program, call_data(arch, arch == s390x, number, registers)).action;
  }
};

}  // namespace

TEST_CASE("arch: each architecture has its numbers, and one that was not asked for is refused") {
  const Filter filter("default deny errno EPERM; allow syscall getpid, openat;",
                      {{"seccomp", "arch", "aarch64,s390x"}});
  CHECK(filter.ask(x86_64, 39) == action::allow);
  CHECK(filter.ask(x86_64, 172) == eperm);
  CHECK(filter.ask(aarch64, 172) == action::allow);
  CHECK(filter.ask(aarch64, 39) == eperm);
  CHECK(filter.ask(aarch64, 56) == action::allow);
  CHECK(filter.ask(s390x, 20) == action::allow);
  CHECK(filter.ask(i386, 20) == action::kill_process);
  CHECK(filter.ask(0, 39) == action::kill_process);
}

TEST_CASE("arch: clone's flags are in the second register of s390x; its bytes are the other way round") {
  const Filter filter("default deny errno EPERM; allow syscall clone where flags & 0x7e020000 == 0;",
                      {{"seccomp", "arch", "s390x"}});
  CHECK(filter.ask(x86_64, 56, {0x11, 0x2000'0000}) == action::allow);
  CHECK(filter.ask(x86_64, 56, {0x2000'0011, 0}) == eperm);
  CHECK(filter.ask(s390x, 120, {0x2000'0000, 0x11}) == action::allow);
  CHECK(filter.ask(s390x, 120, {0, 0x2000'0011}) == eperm);
}

TEST_CASE("arch: a mode is compared by the 16 bits that the kernel reads, the register by all of it") {
  const Filter named("default deny errno EPERM; allow syscall chmod where mode != 0x9ff;",
                     {{"seccomp", "arch", "arm"}});
  CHECK(named.ask(x86_64, 90, {0, 0x9FF}) == eperm);
  CHECK(named.ask(x86_64, 90, {0, 0x1'09FF}) == eperm);
  CHECK(named.ask(x86_64, 90, {0, 0x1'0000'09FF}) == eperm);
  CHECK(named.ask(x86_64, 90, {0, 0x1FF}) == action::allow);
  CHECK(named.ask(arm, 15, {0, 0x1'09FF}) == eperm);
  const Filter raw("default deny errno EPERM; allow syscall chmod where arg[1] != 0x9ff;", {});
  CHECK(raw.ask(x86_64, 90, {0, 0x9FF}) == eperm);
  CHECK(raw.ask(x86_64, 90, {0, 0x1'09FF}) == action::allow);
}

TEST_CASE("arch: an offset fills two registers on 32 bits, on arm an even one and the next") {
  const Filter filter("default deny errno EPERM; allow syscall pread64 where offset < 0x100000002;",
                      {{"seccomp", "arch", "arm,x86"}});
  CHECK(filter.ask(x86_64, 17, {3, 0, 0, 0x1'0000'0001}) == action::allow);
  CHECK(filter.ask(x86_64, 17, {3, 0, 0, 0x1'0000'0002}) == eperm);
  CHECK(filter.ask(arm, 180, {3, 0, 0, 0, 1, 1}) == action::allow);
  CHECK(filter.ask(arm, 180, {3, 0, 0, 0, 2, 1}) == eperm);
  CHECK(filter.ask(arm, 180, {3, 0, 0, 9, 9, 0}) == action::allow);
  CHECK(filter.ask(i386, 180, {3, 0, 0, 1, 1}) == action::allow);
  CHECK(filter.ask(i386, 180, {3, 0, 0, 2, 1}) == eperm);
}

TEST_CASE("arch: what cannot be seen is not allowed: mmap's arguments on i386") {
  const Filter filter(
      "default deny errno EPERM; allow syscall mmap where prot & 4 == 0; allow syscall mmap2 where prot & 4 == 0;",
      {{"seccomp", "abi", "compat"}});
  CHECK(filter.ask(x86_64, 9, {0, 0, 3}) == action::allow);
  CHECK(filter.ask(i386, 90, {0, 0, 3}) == eperm);
  CHECK(filter.ask(i386, 192, {0, 0, 3}) == action::allow);
  CHECK(filter.ask(i386, 192, {0, 0, 7}) == eperm);
}

TEST_CASE("arch: x32 is refused unless asked for, also where unknown numbers get through") {
  const std::string_view lines = "default deny errno EPERM; allow syscall getpid;";
  CHECK(Filter(lines, {}).ask(x86_64, 0x4000'0027) == eperm);
  CHECK(Filter(lines, {{"seccomp", "abi", "x32"}}).ask(x86_64, 0x4000'0027) == action::allow);
  const Filter open("default log; allow syscall getpid;", {});
  CHECK(open.ask(x86_64, 1) == action::log);
  CHECK(open.ask(x86_64, 0x4000'0027) == action::kill_process);
}

TEST_CASE("options: badarch, log, kernel and launcher say what they do") {
  const std::string_view lines = "default deny; allow syscall read;";
  CHECK(Filter(lines, {{"seccomp", "badarch", "errno"}}).ask(i386, 3) == (action::errno_base | 38));
  CHECK(Filter(lines, {{"seccomp", "log", "all"}}).ask(x86_64, 1) == action::log);
  CHECK(Filter(lines, {}).ask(x86_64, 59) == eperm);
  CHECK(Filter(lines, {{"seccomp", "exec", "launcher"}}).ask(x86_64, 59) == action::allow);
  for (const std::string_view more : {"", " deny exec \"/**\";", " allow syscall execveat where flags == 0;"}) {
    const Filter filter(std::string(lines) + std::string(more), {{"seccomp", "exec", "descriptor"}, {"seccomp", "descriptor", "1023"}});
    CHECK(filter.ask(x86_64, 59) == eperm);
    CHECK(filter.ask(x86_64, 322, {1023, 0, 0, 0, 0x1000}) == action::allow);
    // As a call that is absent, for libc falls back.
    CHECK(filter.ask(x86_64, 322, {1022, 0, 0, 0, 0x1000}) == (action::errno_base | 38));
    CHECK(filter.ask(x86_64, 322, {1023, 0, 0, 0, 0x1100}) == (action::errno_base | 38));
  }
  // clone3 looks absent, so that libc takes clone; so does a number that polc does not know.
  CHECK(Filter(lines, {}).ask(x86_64, 435) == (action::errno_base | 38));
  CHECK(Filter(lines, {}).ask(x86_64, 1000) == (action::errno_base | 38));
  CHECK(Filter("default deny errno EACCES; allow syscall read;", {}).ask(x86_64, 435) == (action::errno_base | 13));
  // mseal came with 6.10.
  CHECK(Filter(lines, {}).ask(x86_64, 462) == eperm);
  CHECK(Filter(lines, {{"seccomp", "kernel", "6.1"}}).ask(x86_64, 462) == (action::errno_base | 38));
}

TEST_CASE("several policies in one filter: what all allow, refused as the most severe says") {
  const auto policies = compiled(
      "language 1;\npolicy a { default deny errno EPERM; allow syscall read, write; allow syscall prctl where arg[0] < "
      "10; }\n"
      "policy b { default kill; allow syscall read; allow syscall prctl where arg[0] > 5; }\n");
  const Program program = program_of(*policies);
  CHECK(words_of(prove(policies->members(), raw_bytes(program))) == "");
  CHECK(answer(program, "read") == action::allow);
  CHECK(answer(program, "write") == action::kill_process);
  CHECK(answer(program, "prctl", {7}) == action::allow);
  CHECK(answer(program, "prctl", {3}) == action::kill_process);
  CHECK(answer(program, "open") == action::kill_process);
}

TEST_CASE("several policies in one filter: those of another architecture hold there and nowhere else") {
  const std::string_view here = "default deny errno EPERM; allow syscall read;",
                         there = "default deny errno EACCES; allow syscall write;";
  const auto first = compiled(policy_of(here)), second = compiled(policy_of(there), {}, {}, Arch::aarch64);
  const target::Member both[] = {first->members().front(), second->members().front()};
  const Program program = generate(both).program;
  CHECK(words_of(prove(both, raw_bytes(program))) == "");
  const auto ask = [&](std::uint32_t arch, std::uint32_t number) {
    return run(program, call_data(arch, false, number, {})).action;
  };
  CHECK(ask(x86_64, 0) == action::allow);
  CHECK(ask(x86_64, 1) == eperm);
  CHECK(ask(aarch64, 63) == (action::errno_base | 13));
  CHECK(ask(aarch64, 64) == action::allow);
}
