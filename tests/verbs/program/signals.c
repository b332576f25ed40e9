// Signals to oneself, to children, to all. The caller is the first process of a PID namespace: whatever is sent stays
// there, and no signal that it does not wait for ends it.
#include <pthread.h>
#include <sys/wait.h>

#include "verb.h"

static volatile sig_atomic_t came;
static pid_t victim;

static void count(int signal_number) {
  (void)signal_number;
  ++came;
}

static int listening(void) {
  signal(SIGTERM, count);
  signal(SIGUSR1, count);
  DO(bystander());
  return 0;
}

// A child that SIGTERM ends.
static int have_victim(void) {
  DO(victim = fork());
  if (victim == 0) {
    for (;;) pause();
  }
  return listening();
}

static int have_group(void) {
  DO(setpgid(0, 0));
  return listening();
}

TRY(all_by_kill, kill(-1, SIGTERM))
TRY(group_by_kill, kill(0, SIGTERM))
TRY(other_by_kill, kill(getpid(), SIGUSR1))
TRY(other_to_all, kill(-1, SIGUSR1))
TRY(other_by_raise, raise(SIGUSR1))
TRY(other_by_queue, sigqueue(getpid(), SIGUSR1, (union sigval){0}))
TRY(ask_by_kill, kill(getpid(), 0))

static int other_to_thread(void) { return pthread_kill(pthread_self(), SIGUSR1); }

static int by_self(void) {
  DO(raise(SIGTERM));
  DO(kill(getpid(), SIGTERM));
  errno = pthread_kill(pthread_self(), SIGTERM);
  if (errno) return failed("pthread_kill");
  DO(sigqueue(getpid(), SIGTERM, (union sigval){0}));
  CHECK(came == 4);
  return 0;
}

static int by_children(void) {
  int status = 0;
  DO(kill(victim, SIGTERM));
  DO(waitpid(victim, &status, 0));
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  return 0;
}

static int by_all(void) {
  int status = 0;
  DO(kill(-1, SIGTERM));
  DO(waitpid(victim, &status, 0));
  CHECK(WIFSIGNALED(status));
  return 0;
}

const struct verb signal_verbs[] = {
    {"signal_self",
     have_group,
     by_self,
     {EXCESS(all_by_kill), EXCESS(group_by_kill), EXCESS(other_by_kill), EXCESS(other_by_raise), EXCESS(other_by_queue),
      EXCESS(other_to_thread), EXCESS(ask_by_kill)},
     0},
    {"signal_children",
     have_victim,
     by_children,
     {EXCESS(all_by_kill), EXCESS(other_by_kill), EXCESS(other_by_raise)},
     0},
    {"signal_any", have_victim, by_all, {EXCESS(other_to_all), EXCESS(other_by_raise), EXCESS(other_to_thread)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
