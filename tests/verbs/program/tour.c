// What nearly every program asks of libc beside its files, and what a loop over descriptors does: nothing of it may be
// refused under std/linux.pol, whatever libc and architecture make of it.
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>

#include "verb.h"

static int file, ends[2];
static volatile sig_atomic_t came;

static int have_descriptors(void) {
  DO(make_file("f", 0644));
  DO(file = open("f", O_RDWR));
  DO(pipe(ends));
  return 0;
}

static void note(int signal_number) { came = signal_number; }

static int by_asking(void) {
  uid_t users[3];
  gid_t groups[3];
  char folder[64];
  struct rlimit limit;
  struct timespec now;
  CHECK(getuid() == 0 && geteuid() == 0 && getgid() == 0 && getegid() == 0);
  DO(getresuid(&users[0], &users[1], &users[2]));
  DO(getresgid(&groups[0], &groups[1], &groups[2]));
  DO(getgroups(0, NULL));
  DO(getrlimit(RLIMIT_NOFILE, &limit));
  CHECK(getcwd(folder, sizeof folder) && strcmp(folder, "/mnt") == 0);
  DO(clock_gettime(CLOCK_REALTIME, &now));
  DO(clock_getres(CLOCK_REALTIME, &now));
  CHECK(time(NULL) != (time_t)-1);
  DO(nanosleep(&(struct timespec){0, 1}, NULL));
  return 0;
}

static int by_descriptors(void) {
  char bytes[4];
  DO(fcntl(file, F_SETFD, FD_CLOEXEC));
  DO(fcntl(file, F_GETFL));
  DO(fcntl(file, F_DUPFD_CLOEXEC, 10));
  DO(lseek(file, 0, SEEK_END));
  DO(pwrite(file, "y", 1, 0));
  DO(pread(file, bytes, 1, 0));
  DO(readv(file, &(struct iovec){bytes, 1}, 1));
  CHECK(posix_fadvise(file, 0, 0, POSIX_FADV_NORMAL) == 0);
  DO(fsync(file));
  DO(dup2(file, 20));
  return 0;
}

static int by_timers(void) {
  const struct itimerspec soon = {{0, 0}, {0, 1000}};
  struct itimerspec left;
  uint64_t count;
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
  sigset_t signals;
  const int descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  DO(descriptor);
  DO(timerfd_settime(descriptor, 0, &soon, NULL));
  DO(timerfd_gettime(descriptor, &left));
  DO(read(descriptor, &count, sizeof count));
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  DO(sigprocmask(SIG_BLOCK, &signals, NULL));
  DO(timer_create(CLOCK_MONOTONIC, &event, &timer));
  DO(timer_settime(timer, 0, &soon, NULL));
  DO(timer_gettime(timer, &left));
  CHECK(sigtimedwait(&signals, NULL, &(struct timespec){5, 0}) == SIGUSR1);
  DO(timer_delete(timer));
  DO(signalfd(-1, &signals, SFD_CLOEXEC));
  // A handler without siginfo_t: some architectures have a call of their own for the way back.
  signal(SIGALRM, note);
  DO(timer_create(CLOCK_MONOTONIC, &(struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM}, &timer));
  DO(timer_settime(timer, 0, &soon, NULL));
  for (int i = 0; i < 5000 && !came; ++i) nanosleep(&(struct timespec){0, 1000000}, NULL);
  CHECK(came == SIGALRM);
  return 0;
}

static int by_waiting(void) {
  struct epoll_event event = {.events = EPOLLIN};
  struct pollfd one = {ends[0], POLLIN, 0};
  fd_set some;
  const int loop = epoll_create1(EPOLL_CLOEXEC);
  DO(loop);
  DO(epoll_ctl(loop, EPOLL_CTL_ADD, ends[0], &event));
  DO(epoll_wait(loop, &event, 1, 0));
  DO(eventfd(0, EFD_CLOEXEC));
  DO(poll(&one, 1, 0));
  DO(ppoll(&one, 1, &(struct timespec){0, 0}, NULL));
  FD_ZERO(&some);
  FD_SET(ends[0], &some);
  DO(select(ends[0] + 1, &some, NULL, NULL, &(struct timeval){0, 0}));
  DO(pselect(ends[0] + 1, &some, NULL, NULL, &(struct timespec){0, 0}, NULL));
  return 0;
}

static int by_tour(void) {
  DO(by_asking());
  DO(by_descriptors());
  DO(by_timers());
  DO(by_waiting());
  return 0;
}

TRY(make_process, fork())

const struct verb tour_verbs[] = {{"tour", have_descriptors, by_tour, {EXCESS(make_process)}, 0},
                                  {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
