// probe --list: the names of all probes.
// probe NAME FOLDER [FILTER]: does the access NAME, under the filter if there is one, and says one of
//   done              it happened
//   refused ERRNO     the call was refused
//   nothing           it was not refused, and nothing happened
//   ended SIGNAL      the probe was killed
//   set-up WHAT ERRNO it could not be made ready
// All in a PID, mount and IPC namespace of its own, so that no signal, mount or segment of it reaches anybody, and for
// some seconds at most. Root keeps its capabilities: what is refused is what the filter refuses.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <vector>

#include "probe.hpp"

namespace ways {

int disk = -1;

long must(long result, const char* what) {
  if (result >= 0) return result;
  std::printf("set-up %s %d\n", what, errno);
  std::fflush(stdout);
  _exit(3);
}

pid_t waiting_child() {
  const pid_t child = fork();
  must(child, "fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  return child;
}

void end(pid_t child) {
  if (child <= 0) return;
  kill(child, SIGKILL);
  waitpid(child, nullptr, __WALL);
}

bool ended_by(pid_t child, int signal) {
  int status = 0;
  return waitpid(child, &status, __WALL) == child && WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

void make_file(const char* name, const char* bytes) {
  const int file = static_cast<int>(must(open(name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644), name));
  must(write(file, bytes, std::strlen(bytes)), name);
  close(file);
}

const unsigned char forty_two[6] = {0xb8, 42, 0, 0, 0, 0xc3};  // mov eax, 42; ret

bool runs(const void* code) { return reinterpret_cast<int (*)()>(reinterpret_cast<std::uintptr_t>(code))() == 42; }

namespace {

constexpr std::span<const Probe> (*families[])() = {
    memory_probes,  task_probes,      namespace_probes, clock_probes,     mount_probes,  ipc_probes,
    peer_probes,    trace_probes,     id_probes,        mapped_id_probes, open_probes,   create_probes,
    name_probes,    attribute_probes, stat_probes,      code_probes,      hold_probes,   net_probes,
    message_probes, ring_probes,      neighbour_probes, pin_probes,       killer_probes,
};

const Probe* find_probe(const char* name) {
  for (const auto family : families)
    for (const Probe& probe : family())
      if (std::strcmp(probe.name, name) == 0) return &probe;
  return nullptr;
}

std::vector<sock_filter> filter_from(const char* path) {
  std::vector<sock_filter> filter(BPF_MAXINSNS);
  const int file = static_cast<int>(must(open(path, O_RDONLY | O_CLOEXEC), path));
  const long bytes = must(read(file, filter.data(), filter.size() * sizeof(sock_filter)), path);
  close(file);
  filter.resize(static_cast<std::size_t>(bytes) / sizeof(sock_filter));
  return filter;
}

void load(std::vector<sock_filter>& filter) {
  if (filter.empty()) return;
  sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
  must(call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), "seccomp");
}

void act(const Probe& probe, std::vector<sock_filter>& filter) {
  alarm(20);
  if (probe.prepare != nullptr) probe.prepare();
  load(filter);
  errno = 0;
  if (probe.attempt() < 0) std::printf("refused %d\n", errno);
  else if (probe.happened != nullptr && !probe.happened()) std::printf("nothing\n");
  else std::printf("done\n");
  std::fflush(stdout);
  _exit(0);
}

/// A process that this does not end with: all that is left in the namespace is killed when its first process ends.
[[noreturn]] void be_first_process(const Probe& probe, std::vector<sock_filter>& filter) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  must(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr), "mount proc");
  must(mount("ways", "/tmp", "tmpfs", MS_NOSUID, "size=16m"), "mount tmpfs");
  must(chdir("/tmp"), "chdir");
  umask(0);
  const pid_t actor = fork();
  must(actor, "fork");
  if (actor == 0) act(probe, filter);
  int status = 0;
  while (waitpid(actor, &status, 0) != actor) {
  }
  if (WIFSIGNALED(status)) std::printf("ended %d\n", WTERMSIG(status));
  std::fflush(stdout);
  _exit(0);
}

int run(const Probe& probe, const char* folder, const char* filter_path) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  alarm(30);
  disk = static_cast<int>(must(open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), folder));
  std::vector<sock_filter> filter;
  if (filter_path != nullptr) filter = filter_from(filter_path);
  must(unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS), "unshare");
  must(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount private");
  const pid_t first = fork();
  must(first, "fork");
  if (first == 0) be_first_process(probe, filter);
  waitpid(first, nullptr, 0);
  return 0;
}

}  // namespace
}  // namespace ways

int main(int argc, char** argv) {
  using namespace ways;
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    for (const auto family : families)
      for (const Probe& probe : family()) std::puts(probe.name);
    return 0;
  }
  if (argc == 2 && std::strcmp(argv[1], "--executed") == 0) {
    std::puts("done");
    return 0;
  }
  const Probe* probe = argc >= 3 ? find_probe(argv[1]) : nullptr;
  if (probe == nullptr) return std::fputs("probe --list | NAME FOLDER [FILTER]\n", stderr), 2;
  return run(*probe, argv[2], argc > 3 ? argv[3] : nullptr);
}
