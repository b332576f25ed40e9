#include "live_filter.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace polc::seccomp::testing {
namespace {

// What the child writes and the parent reads; a page that both see, since any call may be refused.
struct Shared {
  int loaded;  // 1: yes, else -errno
  std::size_t done;
  LiveResult results[1024];
};

// Without libc, which would look at errno and cancellation, and without any other call.
long raw_call([[maybe_unused]] const LiveCall& call) {
#if defined(__x86_64__)
  long result;
  register long a3 asm("r10") = static_cast<long>(call.arguments[3]);
  register long a4 asm("r8") = static_cast<long>(call.arguments[4]);
  register long a5 asm("r9") = static_cast<long>(call.arguments[5]);
  asm volatile("syscall"
               : "=a"(result)
               : "a"(static_cast<long>(call.number)), "D"(call.arguments[0]), "S"(call.arguments[1]),
                 "d"(call.arguments[2]), "r"(a3), "r"(a4), "r"(a5)
               : "rcx", "r11", "memory");
  return result;
#else
  return -ENOSYS;
#endif
}

[[noreturn]] void child(const Program& program, const std::vector<LiveCall>& calls, volatile Shared* shared) {
  sock_fprog loaded{static_cast<unsigned short>(program.size()),
                    const_cast<sock_filter*>(reinterpret_cast<const sock_filter*>(program.data()))};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const long failed = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &loaded);
  shared->loaded = failed == 0 ? 1 : -errno;
  if (failed == 0)
    while (shared->done < calls.size()) {
      const std::size_t at = shared->done;
      shared->results[at].killed = true;
      shared->done = at + 1;
      shared->results[at].value = raw_call(calls[at]);
      shared->results[at].killed = false;
    }
  // exit_group may be refused as well.
  raw_call({SYS_exit_group, {}});
  __builtin_trap();
}

}  // namespace

static_assert(sizeof(Instruction) == sizeof(sock_filter));

std::optional<std::vector<LiveResult>> live_results(const Program& program, const std::vector<LiveCall>& calls,
                                                    std::string& why) {
  void* const page = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || calls.size() > 1024) return std::nullopt;
  auto* const shared = static_cast<volatile Shared*>(page);
  bool failed = false;
  // A call may kill the child: the next one goes on behind it.
  do {
    const std::size_t before = shared->done;
    shared->loaded = 0;
    const pid_t pid = fork();
    if (pid == 0) child(program, calls, shared);
    int status = 0;
    waitpid(pid, &status, 0);
    failed = shared->loaded != 1;
    if (failed) why = std::strerror(-shared->loaded);
    const bool was_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
    if (!failed && shared->done == before && !calls.empty()) failed = true, why = "the child made no call";
    if (!failed && shared->done > before && shared->results[shared->done - 1].killed && !was_killed)
      failed = true, why = "the child died of something else";
  } while (!failed && shared->done < calls.size());
  std::vector<LiveResult> results;
  for (std::size_t i = 0; i < calls.size(); ++i)
    results.push_back({shared->results[i].killed, shared->results[i].value});
  munmap(page, sizeof(Shared));
  return failed ? std::nullopt : std::optional(results);
}

bool can_load_filters() {
  std::string why;
  return live_results({{op::answer, 0, 0, action::allow}}, {{0xFFFF, {}}}, why).has_value();
}

}  // namespace polc::seccomp::testing
