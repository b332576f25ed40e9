// Processes and threads, and looking into them.
#include <pthread.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "verb.h"

#define FROM_HERE 0  // KCMP_FILE
static volatile int touched;
static pid_t child;

static int nothing(void* argument) {
  (void)argument;
  _exit(0);
}

static int stacks_used;
static int new_process(int flags) {
  static char stacks[4][16384] __attribute__((aligned(16)));
  return clone(nothing, stacks[stacks_used++ % 4] + 16384, flags, NULL);
}

TRY(plain_fork, fork())
TRY(share_files, new_process(CLONE_FILES | SIGCHLD))
TRY(tell_otherwise, new_process(SIGUSR1))
TRY(tell_nobody, new_process(0))
TRY(new_name, new_process(CLONE_NEWUTS | SIGCHLD))
TRY(new_network, new_process(CLONE_NEWNET | SIGCHLD))
TRY(new_user, new_process(CLONE_NEWUSER | SIGCHLD))
TRY(unshare_name, unshare(CLONE_NEWUTS))
TRY(unshare_network, unshare(CLONE_NEWNET))
TRY(trace_child, ptrace(PTRACE_SEIZE, child, NULL, NULL))
TRY(read_child, process_vm_readv(child, &(struct iovec){(char[8]){0}, 8}, 1, &(struct iovec){(void*)&touched, 4}, 1, 0))
TRY(kill_child, kill(child, SIGKILL))
TRY(descriptor_of_child, syscall(SYS_pidfd_open, child, 0))

static int wait_for(pid_t process) {
  int status = -1;
  DO(waitpid(process, &status, 0));
  CHECK(status == 0);
  return 0;
}

static int by_fork(void) {
  const pid_t process = fork();
  DO(process);
  if (process == 0) _exit(0);
  return wait_for(process);
}

static int by_vfork(void) {
  const pid_t process = vfork();
  if (process == 0) _exit(0);
  DO(process);
  return wait_for(process);
}

static int by_clone(void) {
  const int process = new_process(CLONE_NEWUTS | SIGCHLD);
  DO(process);
  return wait_for(process);
}

static void* touch(void* argument) {
  touched = *(const int*)argument;
  return NULL;
}

static int by_thread(void) {
  int seven = 7;
  pthread_t thread;
  errno = pthread_create(&thread, NULL, touch, &seven);
  if (errno) return failed("pthread_create");
  errno = pthread_join(thread, NULL);
  if (errno) return failed("pthread_join");
  CHECK(touched == 7);
  return 0;
}

static int have_child(void) {
  DO(child = bystander());
  return 0;
}

static int by_trace(void) {
  int seen = -1, status = 0;
  struct iovec here = {&seen, sizeof seen}, there = {(void*)&touched, sizeof touched};
  DO(process_vm_readv(child, &here, 1, &there, 1, 0));
  CHECK(seen == 0);
  seen = 8;
  DO(process_vm_writev(child, &here, 1, &there, 1, 0));
  DO(ptrace(PTRACE_ATTACH, child, NULL, NULL));
  DO(waitpid(child, &status, 0));
  errno = 0;
  CHECK((int)ptrace(PTRACE_PEEKDATA, child, (void*)&touched, NULL) == 8);
  DO(ptrace(PTRACE_DETACH, child, NULL, NULL));
  return 0;
}

// No libc has a function for it.
static int by_compare(void) {
  DO(syscall(SYS_kcmp, child, getpid(), FROM_HERE, 1, 1));
  return 0;
}

const struct verb process_verbs[] = {
    {"fork",
     NULL,
     by_fork,
     {EXCESS(share_files), EXCESS(tell_otherwise), EXCESS(tell_nobody), EXCESS(new_network), EXCESS(new_user),
      EXCESS(unshare_name)},
     0},
    {"vfork", NULL, by_vfork, {EXCESS(share_files), EXCESS(tell_otherwise), EXCESS(new_name)}, 0},
    {"clone_namespace",
     NULL,
     by_clone,
     {EXCESS(new_network), EXCESS(new_user), EXCESS(unshare_network), EXCESS(share_files)},
     0},
    {"thread", NULL, by_thread, {EXCESS(plain_fork), EXCESS(share_files), EXCESS(new_user)}, 0},
    {"trace", have_child, by_trace, {EXCESS(kill_child), EXCESS(descriptor_of_child)}, 0},
    {"compare", have_child, by_compare, {EXCESS(trace_child), EXCESS(read_child), EXCESS(kill_child)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
