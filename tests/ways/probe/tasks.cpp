// Processes and threads, and pairs of sockets. A child shows that it is one by what the kernel says of it.
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>

#include "probe.hpp"

namespace ways {
namespace {

// ---- processes

pid_t child = -1;

/// In the child: nothing but to end.
long born(long result) {
  if (result == 0) _exit(7);
  child = static_cast<pid_t>(result);
  return result;
}
bool ended_well() {
  int status = 0;
  return child > 0 && child != getpid() && waitpid(child, &status, __WALL) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 7;
}

long vforked() {
  const pid_t result = vfork();
  if (result == 0) _exit(7);
  child = result;
  return result;
}

unsigned char stack[64 * 1024];
int end_at_once(void*) { _exit(7); }
/// Those that share the memory need a stack of their own.
long clone_sharing(int flags) { return child = clone(end_at_once, stack + sizeof stack, flags, nullptr); }

long clone3_of(std::uint64_t flags) {
  clone_args arguments{};
  arguments.flags = flags;
  arguments.exit_signal = SIGCHLD;
  return born(call(SYS_clone3, &arguments, sizeof arguments));
}

// ---- threads

constexpr int thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
volatile int thread_pid = 0, thread_tid = 0;

/// The thread has the main one's thread-local memory, so it calls nothing that uses that.
extern "C" void ways_thread() {
  int pid = 0, tid = 0;
  asm volatile("syscall" : "=a"(pid) : "0"(SYS_getpid) : "rcx", "r11", "memory");
  asm volatile("syscall" : "=a"(tid) : "0"(SYS_gettid) : "rcx", "r11", "memory");
  thread_tid = tid;
  thread_pid = pid;
}

/// A call that begins a task on a stack of its own, which runs ways_thread and ends.
long start(long number, long first, long second) {
  long result = number;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "call ways_thread\n\t"
      "mov $60, %%eax\n\t"  // exit
      "xor %%edi, %%edi\n\t"
      "syscall\n"
      "1:"
      : "+a"(result)
      : "D"(first), "S"(second), "d"(0L)
      : "rcx", "r8", "r9", "r10", "r11", "memory");
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}
long thread_by_clone() { return start(SYS_clone, thread_flags, word(stack + sizeof stack - 64)); }
long thread_by_clone3() {
  clone_args arguments{};
  arguments.flags = thread_flags;
  arguments.stack = reinterpret_cast<std::uint64_t>(stack);
  arguments.stack_size = sizeof stack - 64;
  return start(SYS_clone3, word(&arguments), sizeof arguments);
}
bool is_a_thread() {
  for (int i = 0; i < 2000 && thread_pid == 0; ++i) usleep(1000);
  return thread_pid == getpid() && thread_tid != thread_pid && thread_tid != 0;
}

// ---- pairs

int pair[2] = {-1, -1};
bool pair_talks() {
  char got = 0;
  return write(pair[0], "x", 1) == 1 && read(pair[1], &got, 1) == 1 && got == 'x';
}

constexpr Probe probes[] = {
    {"fork", nullptr, [] { return born(call(SYS_fork)); }, ended_well},
    {"vfork", nullptr, vforked, ended_well},
    {"clone-nothing", nullptr, [] { return born(call(SYS_clone, 0, 0, 0, 0, 0)); }, ended_well},
    {"clone-sigchld", nullptr, [] { return born(call(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }, ended_well},
    {"clone-vm", nullptr, [] { return clone_sharing(CLONE_VM | SIGCHLD); }, ended_well},
    {"clone-vfork", nullptr, [] { return clone_sharing(CLONE_VM | CLONE_VFORK | SIGCHLD); }, ended_well},
    {"clone-newuser", nullptr, [] { return born(call(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)); }, ended_well},
    {"clone3-fork", nullptr, [] { return clone3_of(0); }, ended_well},
    {"clone-thread", nullptr, thread_by_clone, is_a_thread},
    {"clone3-thread", nullptr, thread_by_clone3, is_a_thread},
    {"socketpair", nullptr, [] { return call(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair); }, pair_talks},
    {"socketpair-dgram", nullptr, [] { return call(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair); },
     pair_talks},
};

}  // namespace

std::span<const Probe> task_probes() { return probes; }

}  // namespace ways
