// What a verb of verbs.tsv is: a way to do it through libc that fails unless it really happened, what stands ready
// before the filter is loaded, and what goes beyond the rule and must be refused. One program for glibc and musl, so no
// kernel headers.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

struct excess {
  const char* name;
  int (*attempt)(void);  // 0, or the errno of what refused it
};

struct verb {
  const char* name;
  int (*prepare)(void);  // before the filter; NULL: nothing
  int (*act)(void);      // 0; -1: failed() said what
  struct excess excess[8];
  int excess_first;  // the act takes away the right to the excess
};

// Each ends with a verb without a name.
extern const struct verb opening_verbs[], making_verbs[], naming_verbs[], attribute_verbs[], running_verbs[],
    network_verbs[], ipc_verbs[], process_verbs[], signal_verbs[], account_verbs[], memory_verbs[], namespace_verbs[],
    system_verbs[], thread_verbs[], tour_verbs[];

/// Writes "failed WHAT ERRNO" and returns -1.
int failed(const char* what);
/// A file with one byte, by this mode.
int make_file(const char* name, mode_t mode);
/// A child that does nothing until it is killed; SIGTERM and SIGUSR1 leave it alone. Its number.
pid_t bystander(void);
/// The loopback device of this network namespace.
int loopback_up(void);

// Of calls and library functions that answer -1.
#define DO(expression)                                        \
  do {                                                        \
    if ((long)(expression) == -1) return failed(#expression); \
  } while (0)
// Of what must be true afterwards.
#define CHECK(condition)                                      \
  do {                                                        \
    if (!(condition)) return (errno = 0), failed(#condition); \
  } while (0)

// An excess that would succeed; and one that the kernel itself answers by `answer`, once it has looked.
#define TRY(name, expression) \
  static int name(void) { return (long)(expression) == -1 ? errno : 0; }
#define TRY_ANSWERED(name, expression, answer) \
  static int name(void) { return (long)(expression) == -1 && errno != (answer) ? errno : 0; }
#define EXCESS(name) \
  { #name, name }
