// Namespaces of each kind, made by unshare, clone and clone3, and joined by setns. That it is another one is seen by
// its number in /proc. Eight kinds by the same code: the kind is a template's argument.
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>

#include <string>

#include "probe.hpp"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

namespace ways {
namespace {

struct Kind {
  std::uint64_t flag;
  const char* file;  // below /proc/PID/ns
};
constexpr Kind user{CLONE_NEWUSER, "user"}, mount{CLONE_NEWNS, "mnt"}, pid{CLONE_NEWPID, "pid"},
    net{CLONE_NEWNET, "net"}, ipc{CLONE_NEWIPC, "ipc"}, uts{CLONE_NEWUTS, "uts"}, cgroup{CLONE_NEWCGROUP, "cgroup"},
    time{CLONE_NEWTIME, "time"};

int before = -1, target = -1;
pid_t child = -1;
struct stat old_root {
}, old_folder{};

std::string path_of(pid_t process, const char* file) { return "/proc/" + std::to_string(process) + "/ns/" + file; }

ino_t number_of(int file) {
  struct stat seen {};
  return fstat(file, &seen) == 0 ? seen.st_ino : 0;
}
/// Is this the path of another namespace than the one from before?
bool is_new(const std::string& path) {
  struct stat now {};
  return stat(path.c_str(), &now) == 0 && now.st_ino != number_of(before);
}
void remember(const char* file) {
  before = static_cast<int>(must(open(path_of(getpid(), file).c_str(), O_RDONLY | O_CLOEXEC), "namespace"));
}

template <const Kind& kind>
struct Making {
  static void prepare() { remember(kind.file); }
  static long unshare() { return call(SYS_unshare, kind.flag); }
  /// This process, or of pids and times the next child.
  static bool is_left() {
    const pid_t next = waiting_child();
    const bool is = is_new(path_of(next, kind.file));
    end(next);
    return is;
  }

  static long wait_in_child(long result) {
    if (result == 0)
      for (;;) pause();
    child = static_cast<pid_t>(result);
    return result;
  }
  static long clone() { return wait_in_child(call(SYS_clone, kind.flag | SIGCHLD, 0, 0, 0, 0)); }
  static long clone3() {
    clone_args arguments{};
    arguments.flags = kind.flag;
    arguments.exit_signal = SIGCHLD;
    return wait_in_child(call(SYS_clone3, &arguments, sizeof arguments));
  }
  static bool child_is_in_another() {
    const bool is = is_new(path_of(child, kind.file));
    end(child);
    return is;
  }
};

template <const Kind& kind>
struct Joining {
  /// A process that is in such a namespace of its own; of pids and times only its children are.
  static void start() {
    remember(kind.file);
    int ready[2];
    must(pipe(ready), "pipe");
    if (must(fork(), "fork") == 0) {
      if (::unshare(static_cast<int>(kind.flag)) != 0) _exit(1);
      const bool is_of_children = kind.flag == CLONE_NEWPID || kind.flag == CLONE_NEWTIME;
      const pid_t inside = is_of_children ? fork() : getpid();
      if (inside > 0 && write(ready[1], &inside, sizeof inside) < 0) _exit(1);
      for (;;) pause();
    }
    must(read(ready[0], &child, sizeof child) == sizeof child ? 0 : -1, "child");
  }
  static void prepare() {
    start();
    target = static_cast<int>(must(open(path_of(child, kind.file).c_str(), O_RDONLY | O_CLOEXEC), "its namespace"));
  }
  static void prepare_process() {
    start();
    target = static_cast<int>(must(call(SYS_pidfd_open, child, 0), "pidfd_open"));
  }
  static long by_kind() { return call(SYS_setns, target, kind.flag); }
  static long by_nothing() { return call(SYS_setns, target, 0); }
};

// The root and the folder of a process that joins another mount namespace are those of that namespace; here they were
// others.
void prepare_places() {
  Joining<mount>::prepare();
  must(mkdir("jail", 0755), "mkdir");
  must(chroot("jail"), "chroot");
  must(chdir("/"), "chdir");
  must(stat("/", &old_root), "stat");
  must(stat(".", &old_folder), "stat");
}
bool is_same(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }
bool has_other_root() {
  struct stat now {};
  return stat("/", &now) == 0 && !is_same(now, old_root);
}
bool has_other_folder() {
  struct stat now {};
  return stat(".", &now) == 0 && !is_same(now, old_folder);
}

#define KIND(kind)                                                                                         \
  {"unshare-" #kind, Making<kind>::prepare, Making<kind>::unshare, Making<kind>::is_left},                 \
      {"clone3-" #kind, Making<kind>::prepare, Making<kind>::clone3, Making<kind>::child_is_in_another},   \
      {"setns-" #kind, Joining<kind>::prepare, Joining<kind>::by_kind, Making<kind>::is_left},             \
      {"setns-" #kind "-0", Joining<kind>::prepare, Joining<kind>::by_nothing, Making<kind>::is_left}, {   \
    "setns-" #kind "-pidfd", Joining<kind>::prepare_process, Joining<kind>::by_kind, Making<kind>::is_left \
  }
#define CLONED(kind) \
  { "clone-" #kind, Making<kind>::prepare, Making<kind>::clone, Making<kind>::child_is_in_another }

// clone has no bit for time: 0x80 belongs to its signal.
constexpr Probe probes[] = {
    KIND(user),
    KIND(mount),
    KIND(pid),
    KIND(net),
    KIND(ipc),
    KIND(uts),
    KIND(cgroup),
    KIND(time),
    CLONED(user),
    CLONED(mount),
    CLONED(pid),
    CLONED(net),
    CLONED(ipc),
    CLONED(uts),
    CLONED(cgroup),
    {"setns-root", prepare_places, Joining<mount>::by_kind, has_other_root},
    {"setns-folder", prepare_places, Joining<mount>::by_nothing, has_other_folder},
    {"unshare-empty", Making<mount>::prepare, [] { return call(SYS_unshare, 0x100000); }, Making<mount>::is_left},
};

}  // namespace

std::span<const Probe> namespace_probes() { return probes; }

}  // namespace ways
