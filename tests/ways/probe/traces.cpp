// Looking into another process, and controlling it: a child with a word in its memory and a file of its own.
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <cstring>

#include "probe.hpp"

namespace ways {
namespace {

pid_t child = -1;
int handle = -1, got_file = -1;
long* words = nullptr;  // at the same address in the child, in a page of its own
long word_here = 0;

void make_child() {
  words = static_cast<long*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  words[0] = 17;
  make_file("childs");
  int ready[2];
  must(pipe(ready), "pipe");
  child = fork();
  must(child, "fork");
  if (child == 0) {
    words[0] = 42;
    const int file = open("childs", O_RDONLY);
    if (dup2(file, 100) == 100 && write(ready[1], "x", 1) == 1)
      for (;;) pause();
    _exit(1);
  }
  char answer = 0;
  must(read(ready[0], &answer, 1) == 1 ? 0 : -1, "child");
  handle = static_cast<int>(must(call(SYS_pidfd_open, child, 0), "pidfd_open"));
}

long trace(long request) { return call(SYS_ptrace, request, child, 0, 0); }
bool is_stopped() {
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFSTOPPED(status);
}
bool stops_when_told() { return trace(PTRACE_INTERRUPT) == 0 && is_stopped(); }

// The child's own code, at the place where it is here.
long new_code = 0;
long* code() { return reinterpret_cast<long*>(reinterpret_cast<std::uintptr_t>(&runs)); }
void with_traced_child() {
  make_child();
  must(trace(PTRACE_ATTACH), "attach");
  must(is_stopped() ? 0 : -1, "stop");
  std::memcpy(&new_code, forty_two, sizeof forty_two);
}
long poke(long request) { return call(SYS_ptrace, request, child, code(), new_code); }
bool has_new_code() {
  long now = 0;
  return call(SYS_ptrace, PTRACE_PEEKTEXT, child, code(), &now) == 0 && now == new_code && *code() != new_code;
}

iovec here() { return {&word_here, sizeof word_here}; }
iovec there() { return {words, sizeof word_here}; }
long read_memory() {
  const iovec to = here(), from = there();
  return call(SYS_process_vm_readv, child, &to, 1, &from, 1, 0);
}
long write_memory() {
  word_here = 99;
  const iovec from = here(), to = there();
  return call(SYS_process_vm_writev, child, &from, 1, &to, 1, 0);
}
bool has_changed() {
  word_here = 0;
  return read_memory() > 0 && word_here == 99;
}

bool has_its_file() {
  char first = 0;
  return got_file >= 0 && pread(got_file, &first, 1, 0) == 1 && first == 'b';
}

long robust_list() {
  void* head = nullptr;
  std::size_t length = 0;
  return call(SYS_get_robust_list, child, &head, &length);
}
long count(pid_t process, int processor, unsigned long flags = 0) {
  perf_event_attr wanted{};
  wanted.type = PERF_TYPE_SOFTWARE;
  wanted.size = sizeof wanted;
  wanted.config = PERF_COUNT_SW_CPU_CLOCK;
  return kept(got_file, call(SYS_perf_event_open, &wanted, process, processor, -1, flags));
}
bool counts() {
  std::uint64_t value = 0;
  return read(got_file, &value, sizeof value) == sizeof value;
}
/// The root of the control groups as descriptor 0.
void with_group() {
  int group = open("/sys/fs/cgroup/perf_event", O_RDONLY | O_DIRECTORY);  // where the old hierarchies are
  if (group < 0) {
    must(mkdir("groups", 0700), "mkdir");
    must(mount("groups", "groups", "cgroup2", 0, nullptr), "mount cgroup2");
    group = static_cast<int>(must(open("groups", O_RDONLY | O_DIRECTORY), "groups"));
  }
  must(dup2(group, 0), "dup2");
}
int page_status = -1;
long where_is_the_page() {
  void* pages[] = {words};
  return call(SYS_move_pages, child, 1, pages, nullptr, &page_status, 0);
}
long migrate() {
  const unsigned long first_node = 1;
  return call(SYS_migrate_pages, child, 2, &first_node, &first_node);
}
long advise() {
  constexpr int cold = 20;  // MADV_COLD
  const iovec range{words, 4096};
  return call(SYS_process_madvise, handle, &range, 1, cold, 0);
}

constexpr Probe probes[] = {
    {"ptrace-attach", make_child, [] { return trace(PTRACE_ATTACH); }, is_stopped},
    {"ptrace-seize", make_child, [] { return trace(PTRACE_SEIZE); }, stops_when_told},
    {"ptrace-poketext", with_traced_child, [] { return poke(PTRACE_POKETEXT); }, has_new_code},
    {"ptrace-pokedata", with_traced_child, [] { return poke(PTRACE_POKEDATA); }, has_new_code},
    {"process_vm_readv", make_child, read_memory, [] { return word_here == 42; }},
    {"process_vm_writev", make_child, write_memory, has_changed},
    {"pidfd_getfd", make_child, [] { return kept(got_file, call(SYS_pidfd_getfd, handle, 100, 0)); }, has_its_file},
    {"kcmp", make_child, [] { return call(SYS_kcmp, getpid(), child, KCMP_VM, 0, 0); }, nullptr},
    {"get_robust_list", make_child, robust_list, nullptr},
    {"perf_event_open", make_child, [] { return count(child, -1); }, counts},
    {"perf_event_open-all", make_child, [] { return count(-1, 0); }, counts},
    {"perf_event_open-group", with_group, [] { return count(0, 0, PERF_FLAG_PID_CGROUP); }, counts},
    {"move_pages", make_child, where_is_the_page, [] { return page_status >= 0; }},
    {"migrate_pages", make_child, migrate, nullptr},
    {"process_madvise", make_child, advise, nullptr},
};

}  // namespace

std::span<const Probe> trace_probes() { return probes; }

}  // namespace ways
