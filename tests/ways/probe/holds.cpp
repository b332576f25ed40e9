// Locks and leases, the control of devices, and watching.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <cstdlib>
#include <cstring>

#include "probe.hpp"

namespace ways {
namespace {

int opened = -1, watcher = -1;

// ---- locks

struct flock whole {};
void with_file() {
  make_file("file");
  opened = static_cast<int>(must(open("file", O_RDWR | O_CLOEXEC), "file"));
  whole.l_type = F_WRLCK;
}
/// Another process would have to wait.
template <int command>
bool is_held() {
  const pid_t other = fork();
  if (other == 0) {
    const int again = open("file", O_RDWR);
    if (command == LOCK_EX) _exit(flock(again, LOCK_EX | LOCK_NB) == -1 ? 7 : 1);
    struct flock asked {};
    asked.l_type = F_WRLCK;
    _exit(fcntl(again, F_GETLK, &asked) == 0 && asked.l_type == F_WRLCK ? 7 : 1);
  }
  int status = 0;
  return other > 0 && waitpid(other, &status, 0) == other && WIFEXITED(status) && WEXITSTATUS(status) == 7;
}
long lock_by(int command) { return call(SYS_fcntl, opened, command, &whole); }
bool is_free() { return whole.l_type == F_UNLCK; }
bool is_leased() { return fcntl(opened, F_GETLEASE) == F_WRLCK; }

// ---- devices

void with_terminal() { opened = static_cast<int>(must(posix_openpt(O_RDWR | O_NOCTTY), "openpt")); }
int queued = -1;

// Of a terminal of which only the master's end is open.
int other_end = -1;
void with_unlocked_terminal() {
  with_terminal();
  must(grantpt(opened), "grantpt");
  must(unlockpt(opened), "unlockpt");
}
template <int flags>
long open_other_end() {
  return kept(other_end, call(SYS_ioctl, opened, TIOCGPTPEER, flags | O_NOCTTY));
}
bool passes(int from, int to) {
  char got[2] = "";
  return write(from, "x\n", 2) == 2 && read(to, got, 2) > 0 && got[0] == 'x';
}

// ---- watching

bool has_event() {
  if (creat("new", 0600) < 0) return false;
  pollfd waiting{watcher, POLLIN, 0};
  return poll(&waiting, 1, 2000) == 1;
}
long watch_here() { return inotify_add_watch(watcher, ".", IN_CREATE); }
bool watches() { return watch_here() >= 0 && has_event(); }
void with_inotify() { watcher = static_cast<int>(must(inotify_init1(IN_CLOEXEC), "inotify")); }

constexpr std::uint64_t opens = FAN_OPEN | FAN_EVENT_ON_CHILD;
long mark_here() { return call(SYS_fanotify_mark, watcher, FAN_MARK_ADD, opens, AT_FDCWD, "."); }
long init_fanotify() { return kept(watcher, call(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY)); }
void with_fanotify() { must(init_fanotify(), "fanotify"); }
bool marks() { return mark_here() >= 0 && has_event(); }
/// An event brings a descriptor of what somebody else opened.
bool reads_what_others_open() {
  make_file("secret");
  if (mark_here() < 0) return false;
  const pid_t other = fork();
  if (other == 0) _exit(open("secret", O_RDONLY) >= 0 ? 0 : 1);
  if (other < 0 || waitpid(other, nullptr, 0) != other) return false;
  fanotify_event_metadata event{};
  char bytes[8] = "";
  return read(watcher, &event, sizeof event) == sizeof event && pread(event.fd, bytes, sizeof bytes, 0) == 5 &&
         std::strcmp(bytes, "bytes") == 0;
}

volatile bool was_told = false;
void with_folder() {
  opened = static_cast<int>(must(open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "."));
  signal(SIGIO, [](int) { was_told = true; });
}
bool is_told() {
  for (int i = 0; i < 2000 && !was_told; ++i) {
    if (i == 0 && creat("new", 0600) < 0) return false;
    usleep(1000);
  }
  return was_told;
}

constexpr Probe probes[] = {
    {"flock", with_file, [] { return call(SYS_flock, opened, LOCK_EX); }, is_held<LOCK_EX>},
    {"fcntl-getlk", with_file, [] { return lock_by(F_GETLK); }, is_free},
    {"fcntl-setlk", with_file, [] { return lock_by(F_SETLK); }, is_held<F_SETLK>},
    {"fcntl-setlkw", with_file, [] { return lock_by(F_SETLKW); }, is_held<F_SETLKW>},
    {"fcntl-ofd-getlk", with_file, [] { return lock_by(F_OFD_GETLK); }, is_free},
    {"fcntl-ofd-setlk", with_file, [] { return lock_by(F_OFD_SETLK); }, is_held<F_OFD_SETLK>},
    {"fcntl-ofd-setlkw", with_file, [] { return lock_by(F_OFD_SETLKW); }, is_held<F_OFD_SETLKW>},
    {"fcntl-lease", with_file, [] { return call(SYS_fcntl, opened, F_SETLEASE, F_WRLCK); }, is_leased},
    {"ioctl", with_terminal, [] { return call(SYS_ioctl, opened, FIONREAD, &queued); }, [] { return queued == 0; }},
    {"ioctl-terminal-read", with_unlocked_terminal, open_other_end<O_RDONLY>, [] { return passes(opened, other_end); }},
    {"ioctl-terminal-write", with_unlocked_terminal, open_other_end<O_RDWR>, [] { return passes(other_end, opened); }},
    {"ioctl-terminal-append", with_unlocked_terminal, open_other_end<O_WRONLY | O_APPEND>,
     [] { return passes(other_end, opened); }},
    {"inotify_init", nullptr, [] { return kept(watcher, call(SYS_inotify_init)); }, watches},
    {"inotify_init1", nullptr, [] { return kept(watcher, call(SYS_inotify_init1, IN_CLOEXEC)); }, watches},
    {"inotify_add_watch", with_inotify, [] { return call(SYS_inotify_add_watch, watcher, ".", IN_CREATE); }, has_event},
    {"fanotify_init", nullptr, init_fanotify, marks},
    {"fanotify_mark", with_fanotify, mark_here, has_event},
    {"fanotify-read", nullptr, init_fanotify, reads_what_others_open},
    {"fcntl-notify", with_folder, [] { return call(SYS_fcntl, opened, F_NOTIFY, DN_CREATE); }, is_told},
};

}  // namespace

std::span<const Probe> hold_probes() { return probes; }

}  // namespace ways
