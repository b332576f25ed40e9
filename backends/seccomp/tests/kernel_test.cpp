// The kernel takes every filter that is documented or shown, and enforces what the reader says.
#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "live_filter.hpp"
#include "seccomp/machine.hpp"
#include "seccomp/read.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::seccomp;
using namespace polc::seccomp::testing;

namespace {

bool can_run() {
  static const bool can = can_load_filters();
  if (!can) std::printf("SKIPPED: the kernel takes no filter here\n");
  return can;
}

struct Asked {
  const char* name;
  sets::Arguments arguments;
  long value;  // what the kernel makes of the call when it is let through; `any`: not looked at
};
constexpr long any = 1L << 40;

// Calls that do no harm, whatever their outcome.
const std::vector<Asked> harmless{
    {"getpid", {}, any},
    {"getppid", {}, any},
    {"getuid", {}, any},
    {"gettid", {}, any},
    {"sched_yield", {}, 0},
    {"lseek", {~0ull, 0, 0}, -9},
    {"fcntl", {~0ull, 3, 0}, -9},
    {"fcntl", {~0ull, 1030, 0}, -9},
    {"ioctl", {~0ull, 0x5401, 0}, -9},
    {"ioctl", {~0ull, 0x5412, 0}, -9},
    {"personality", {0xFFFF'FFFFu}, any},
    {"personality", {0x7'FFFF'FFFFu}, any},  // an int: the high half does not count
    {"socket", {0xFFFF, 1, 0}, -97},
    {"socket", {40, 1, 0}, any},
    {"mprotect", {0, 0, 1}, 0},
    {"mprotect", {0, 0, 4}, 0},
    {"afs_syscall", {1, 2, 3}, -38},
    {"ptrace", {0xFFFF, 0, 0, 0}, any},
    {"epoll_ctl", {~0ull, 3, ~0ull, 0}, any},
    {"mremap", {1, 0, 0, 1}, any},
};

void enforce(const Program& program) {
  REQUIRE_FALSE(fault_of(program));
  std::vector<LiveCall> calls;
  std::vector<Action> actions;
  for (const Asked& asked : harmless) {
    calls.push_back(
        {*knowledge::number_of(Arch::x86_64, *knowledge::find_call(Os::linux_os, asked.name)), asked.arguments});
    actions.push_back(answer(program, asked.name, asked.arguments));
  }
  std::string why;
  const auto results = live_results(program, calls, why);
  REQUIRE_MESSAGE(results, why);
  for (std::size_t i = 0; i < harmless.size(); ++i) {
    CAPTURE(harmless[i].name);
    const LiveResult& result = (*results)[i];
    const Action kind = actions[i] & 0xFFFF'0000u;
    CHECK(result.killed == (kind == action::kill_process || kind == action::kill_thread));
    if (result.killed) continue;
    if (kind == action::errno_base) CHECK(result.value == -static_cast<long>(actions[i] & 0xFFFF));
    else if (harmless[i].value != any) CHECK(result.value == harmless[i].value);
  }
}

}  // namespace

TEST_CASE("kernel: the bench policies are enforced as the reader says") {
  if (!can_run()) return;
  for (const char* name : {"tiny", "docker", "tor"}) {
    CAPTURE(name);
    enforce(program_of(*compiled(file_text(std::string(POLC_SOURCE_DIR "/tests/bench/policies/") + name + ".pol"))));
  }
}

TEST_CASE("kernel: killing, errnos and conditions are enforced as the reader says") {
  if (!can_run()) return;
  enforce(program_of(
      *compiled(policy_of("default kill; allow syscall exit_group, getpid; allow syscall fcntl where cmd == 3;"))));
  enforce(program_of(
      *compiled(policy_of("default deny errno EXFULL; default kill for ptrace; allow syscall getuid, afs_syscall;"
                          "allow syscall personality where persona == 0xffffffff; allow syscall lseek where fd == -1;"
                          "allow syscall mprotect where prot & 4 == 0;"))));
  enforce(program_of(
      *compiled(policy_of("default deny; allow syscall getpid;"), {{"seccomp", "arch", "aarch64,s390x,x86"}})));
}

TEST_CASE("kernel: every golden filter is enforced as the reader says, as text or as a header") {
  if (!can_run()) return;
  std::size_t filters = 0, headers = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(POLC_SOURCE_DIR "/backends/seccomp/tests")) {
    if (entry.path().filename() != "seccomp.txt") continue;
    CAPTURE(entry.path().string());
    const std::string text = file_text(entry.path().string());
    if (text.starts_with("{")) continue;  // an OCI profile: a runtime makes its own filter of it
    const bool is_header = text.find("struct sock_filter") != std::string::npos;
    const auto listing = listing_from(text, is_header ? "h" : "asm");
    REQUIRE(listing);
    ++filters;
    headers += is_header;
    enforce(listing->program);
  }
  CHECK(filters >= 6);
  CHECK(headers >= 1);
}
