// Signals to another process: a child that SIGUSR1 ends. Every probe that names it has made it first, so its number is
// never -1.
#include <fcntl.h>
#include <linux/sockios.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "probe.hpp"

namespace ways {
namespace {

pid_t child = -1;
int file = -1, other = -1;
siginfo_t told{};

void make_child() { child = waiting_child(); }
bool child_is_gone() { return ended_by(child, SIGUSR1); }
/// Behind a descriptor: the probe itself is not to be meant by what goes wrong.
void make_child_and_handle() {
  make_child();
  file = static_cast<int>(must(call(SYS_pidfd_open, child, 0), "pidfd_open"));
}
void make_child_and_words() {
  make_child();
  told.si_signo = SIGUSR1;
  told.si_code = SI_QUEUE;
}

/// A socket that tells its owner by a signal when something comes.
void make_child_and_socket() {
  make_child();
  int pair[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
  file = pair[0], other = pair[1];
  must(fcntl(file, F_SETSIG, SIGUSR1), "F_SETSIG");
  must(fcntl(file, F_SETFL, O_ASYNC), "F_SETFL");
}
bool word_ends_child() { return write(other, "x", 1) == 1 && child_is_gone(); }
long own() { return call(SYS_fcntl, file, F_SETOWN, child); }
long own_ex() {
  const f_owner_ex owner{F_OWNER_PID, child};
  return call(SYS_fcntl, file, F_SETOWN_EX, &owner);
}
long own_by(unsigned long request) { return call(SYS_ioctl, file, request, &child); }

/// A terminal in whose foreground the child is.
void make_child_and_terminal() {
  file = static_cast<int>(must(posix_openpt(O_RDWR | O_NOCTTY), "openpt"));
  must(grantpt(file), "grantpt");
  must(unlockpt(file), "unlockpt");
  int ready[2];
  must(pipe(ready), "pipe");
  child = fork();
  must(child, "fork");
  if (child == 0) {
    setsid();
    signal(SIGTSTP, [](int) { kill(getpid(), SIGKILL); });  // stops nobody whose group has no parent in its session
    const int terminal = open(ptsname(file), O_RDWR);
    if (terminal >= 0 && ioctl(terminal, TIOCSCTTY, 0) == 0 && write(ready[1], "x", 1) == 1)
      for (;;) pause();
    _exit(1);
  }
  close(ready[1]);
  char answer = 0;
  must(read(ready[0], &answer, 1) == 1 ? 0 : -1, "terminal");
}

constexpr Probe probes[] = {
    {"kill", make_child, [] { return call(SYS_kill, child, SIGUSR1); }, child_is_gone},
    {"tkill", make_child, [] { return call(SYS_tkill, child, SIGUSR1); }, child_is_gone},
    {"tgkill", make_child, [] { return call(SYS_tgkill, child, child, SIGUSR1); }, child_is_gone},
    {"rt_sigqueueinfo", make_child_and_words, [] { return call(SYS_rt_sigqueueinfo, child, SIGUSR1, &told); },
     child_is_gone},
    {"rt_tgsigqueueinfo", make_child_and_words,
     [] { return call(SYS_rt_tgsigqueueinfo, child, child, SIGUSR1, &told); }, child_is_gone},
    {"pidfd_send_signal", make_child_and_handle, [] { return call(SYS_pidfd_send_signal, file, SIGUSR1, nullptr, 0); },
     child_is_gone},
    {"fcntl-setown", make_child_and_socket, own, word_ends_child},
    {"fcntl-setown-ex", make_child_and_socket, own_ex, word_ends_child},
    {"ioctl-fiosetown", make_child_and_socket, [] { return own_by(FIOSETOWN); }, word_ends_child},
    {"ioctl-siocspgrp", make_child_and_socket, [] { return own_by(SIOCSPGRP); }, word_ends_child},
    {"ioctl-tiocsig-int", make_child_and_terminal, [] { return call(SYS_ioctl, file, TIOCSIG, SIGINT); },
     [] { return ended_by(child, SIGINT); }},
    {"ioctl-tiocsig-quit", make_child_and_terminal, [] { return call(SYS_ioctl, file, TIOCSIG, SIGQUIT); },
     [] { return ended_by(child, SIGQUIT); }},
    {"ioctl-tiocsig-quit-high", make_child_and_terminal, [] { return call(SYS_ioctl, file, TIOCSIG, (1L << 32) | SIGQUIT); },
     [] { return ended_by(child, SIGQUIT); }},
    {"ioctl-tiocsig-tstp", make_child_and_terminal, [] { return call(SYS_ioctl, file, TIOCSIG, SIGTSTP); },
     [] { return ended_by(child, SIGKILL); }},
};

}  // namespace

std::span<const Probe> peer_probes() { return probes; }

}  // namespace ways
