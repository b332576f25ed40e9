// verbs VERB [FILTER]: does what VERB says in PID, mount, network, IPC and UTS namespaces of its own, under the filter
// (polc's format bpf) if one is given, and then what goes beyond the rule. Prints, a line each:
//   did VERB                it happened
//   failed WHAT ERRNO       it did not
//   excess NAME ERRNO       what was tried beyond it: 0 if it succeeded
// Exit status: 0 when these lines are there; 2 when the set-up failed ("set-up WHAT ERRNO").
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "verb.h"

static pid_t confined;

static void say(const char* first, const char* second, int number) {
  char line[300];
  const int length = snprintf(line, sizeof line, "%s %s %d\n", first, second, number);
  if (write(1, line, length < (int)sizeof line ? (size_t)length : sizeof line) < 0) _exit(3);
}

int failed(const char* what) {
  say("failed", what, errno);
  return -1;
}

int make_file(const char* name, mode_t mode) {
  const int file = open(name, O_WRONLY | O_CREAT | O_EXCL, mode);
  DO(file);
  DO(fchmod(file, mode));
  DO(write(file, "x", 1));
  DO(close(file));
  return 0;
}

pid_t bystander(void) {
  const pid_t child = fork();
  if (child != 0) return child;
  signal(SIGTERM, SIG_IGN);
  signal(SIGUSR1, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) pause();
}

int loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  const int device = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  DO(device);
  DO(ioctl(device, SIOCSIFFLAGS, &request));
  return close(device);
}

static const struct verb* find_verb(const char* name) {
  const struct verb* const all[] = {opening_verbs, making_verbs,    naming_verbs,  attribute_verbs, running_verbs,
                                    network_verbs, ipc_verbs,       process_verbs, signal_verbs,    account_verbs,
                                    memory_verbs,  namespace_verbs, system_verbs,  thread_verbs,    tour_verbs};
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
    for (const struct verb* verb = all[i]; verb->name; ++verb)
      if (strcmp(verb->name, name) == 0) return verb;
  return NULL;
}

// The kernel's struct sock_filter and struct sock_fprog.
struct line {
  uint16_t code;
  uint8_t if_true, if_false;
  uint32_t operand;
};
static struct {
  uint16_t count;
  const struct line* lines;
} filter;

static int read_filter(const char* name) {
  static struct line lines[4096];
  const int file = open(name, O_RDONLY | O_CLOEXEC);
  DO(file);
  const ssize_t length = read(file, lines, sizeof lines);
  CHECK(length > 0 && length < (ssize_t)sizeof lines && length % sizeof *lines == 0);
  filter.count = (uint16_t)(length / sizeof *lines);
  filter.lines = lines;
  return close(file);
}

static void try_excess(const struct verb* verb) {
  for (const struct excess* one = verb->excess; one->name; ++one) say("excess", one->name, one->attempt());
}

// The first process of the new namespaces. /mnt is its own folder.
static int be_confined(const struct verb* verb) {
  DO(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
  DO(mount("proc", "/proc", "proc", 0, NULL));
  DO(mount("none", "/mnt", "tmpfs", 0, NULL));
  DO(chdir("/mnt"));
  umask(0);
  if (verb->prepare) DO(verb->prepare());
  if (filter.lines) DO(prctl(PR_SET_SECCOMP, 2, &filter));
  if (verb->excess_first) try_excess(verb);
  if (verb->act() == 0) say("did", verb->name, 0);
  if (!verb->excess_first) try_excess(verb);
  _exit(0);
}

static void end_all(int signal_number) {
  (void)signal_number;
  kill(confined, SIGKILL);  // the first process: all others of its namespace go with it
  say("failed", "in time", 0);
  _exit(2);
}

int main(int count, char** words) {
  if (count == 2 && strcmp(words[1], "--started") == 0) {  // what the verbs that execute execute
    say("did", "exec", 0);
    _exit(0);
  }
  const struct verb* verb = count >= 2 ? find_verb(words[1]) : NULL;
  if (!verb) return say("failed", "to find the verb", 0), 2;
  if (count > 2 && read_filter(words[2]) != 0) return 2;
  if (unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) != 0)
    return failed("unshare"), 2;
  confined = fork();
  if (confined < 0) return failed("fork"), 2;
  if (confined == 0) _exit(be_confined(verb) == 0 ? 0 : 2);
  signal(SIGALRM, end_all);
  alarm(20);
  int status = 0;
  if (waitpid(confined, &status, 0) != confined) return failed("waitpid"), 2;
  if (WIFSIGNALED(status)) return say("failed", "ended by signal", WTERMSIG(status)), 2;
  return WEXITSTATUS(status);
}
