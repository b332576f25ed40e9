// Signals that other calls than those for signals send: what goes on in ptrace with one, and limits of another process.
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>

#include "probe.hpp"

namespace ways {
namespace {

pid_t child = -1;

// ---- by ptrace

bool is_stopped() {
  int status = 0;
  return waitpid(child, &status, __WALL) == child && WIFSTOPPED(status);
}
void with_child() { child = waiting_child(); }
void with_stopped_child() {
  with_child();
  must(call(SYS_ptrace, PTRACE_ATTACH, child, 0, 0), "attach");
  must(is_stopped() ? 0 : -1, "stop");
}
template <int request, int data>
long go_on() {
  return call(SYS_ptrace, request, child, 0, data);
}
template <int signal>
bool dies_by() {
  return ended_by(child, signal);
}

/// A process of its own traces the child so, and ends.
template <int request>
long trace_and_end() {
  const pid_t tracer = fork();
  if (tracer == 0) {
    errno = 0;
    if (request == PTRACE_SEIZE) _exit(call(SYS_ptrace, request, child, 0, PTRACE_O_EXITKILL) < 0 ? errno : 0);
    if (call(SYS_ptrace, PTRACE_ATTACH, child, 0, 0) < 0 || !is_stopped()) _exit(255);
    _exit(call(SYS_ptrace, request, child, 0, PTRACE_O_EXITKILL) < 0 ? errno : 0);
  }
  int status = 0;
  if (tracer < 0 || waitpid(tracer, &status, 0) != tracer) return -1;
  errno = WEXITSTATUS(status);
  return errno == 0 ? 0 : -1;
}
constexpr int old_set_options = 21;  // PTRACE_OLDSETOPTIONS

// ---- by limits

/// Counts, and writes to a file now and then.
void with_busy_child() {
  make_file("file");
  child = fork();
  must(child, "fork");
  if (child != 0) return;
  FILE* const file = std::fopen("file", "w");
  for (unsigned long count = 0;; ++count)
    if (count % 1'000'000 == 0) std::fputc('x', file), std::fflush(file);
}
template <int resource, rlim_t soft, rlim_t hard>
long limit() {
  const rlimit wanted{soft, hard};
  return call(SYS_prlimit64, child, resource, &wanted, nullptr);
}
rlimit before{};
bool is_unlimited() { return before.rlim_max == RLIM_INFINITY; }
long limit_oneself() {
  const rlimit wanted{1000, RLIM_INFINITY};
  return call(SYS_prlimit64, 0, RLIMIT_CPU, &wanted, nullptr);
}

constexpr Probe probes[] = {
    {"ptrace-cont", with_stopped_child, go_on<PTRACE_CONT, SIGUSR1>, dies_by<SIGUSR1>},
    {"ptrace-syscall", with_stopped_child, go_on<PTRACE_SYSCALL, SIGUSR1>, dies_by<SIGUSR1>},
    {"ptrace-singlestep", with_stopped_child, go_on<PTRACE_SINGLESTEP, SIGUSR1>, dies_by<SIGUSR1>},
    {"ptrace-singleblock", with_stopped_child, go_on<PTRACE_SINGLEBLOCK, SIGUSR1>, dies_by<SIGUSR1>},
    {"ptrace-sysemu", with_stopped_child, go_on<PTRACE_SYSEMU, SIGUSR1>, dies_by<SIGUSR1>},
    {"ptrace-sysemu-singlestep", with_stopped_child, go_on<PTRACE_SYSEMU_SINGLESTEP, SIGUSR1>, dies_by<SIGUSR1>},
    {"ptrace-detach", with_stopped_child, go_on<PTRACE_DETACH, SIGUSR1>, dies_by<SIGUSR1>},
    {"ptrace-on", with_stopped_child, go_on<PTRACE_CONT, 0>, nullptr},
    {"ptrace-kill", with_stopped_child, go_on<PTRACE_KILL, 0>, dies_by<SIGKILL>},
    {"ptrace-setoptions-exitkill", with_child, trace_and_end<PTRACE_SETOPTIONS>, dies_by<SIGKILL>},
    {"ptrace-seize-exitkill", with_child, trace_and_end<PTRACE_SEIZE>, dies_by<SIGKILL>},
    {"ptrace-oldsetoptions-exitkill", with_child, trace_and_end<old_set_options>, dies_by<SIGKILL>},
    {"prlimit64-kill", with_busy_child, limit<RLIMIT_CPU, 1, 1>, dies_by<SIGKILL>},
    {"prlimit64-xcpu", with_busy_child, limit<RLIMIT_CPU, 1, RLIM_INFINITY>, dies_by<SIGXCPU>},
    {"prlimit64-xfsz", with_busy_child, limit<RLIMIT_FSIZE, 0, 0>, dies_by<SIGXFSZ>},
    {"ask-limit", with_child, [] { return call(SYS_prlimit64, child, RLIMIT_CPU, nullptr, &before); }, is_unlimited},
    {"limit-oneself", nullptr, limit_oneself, nullptr},
};

}  // namespace

std::span<const Probe> killer_probes() { return probes; }

}  // namespace ways
