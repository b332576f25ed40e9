// A process with threads that becomes another account. Accounts are a thread's own to the kernel: libc tells the others
// by signals, and who does not hear stays root.
#include <dirent.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "verb.h"

enum { account = 101, others = 4 };

static pthread_barrier_t started;
static volatile int over;

// Two of them are at work meanwhile, two wait.
static void* live_on(void* argument) {
  pthread_barrier_wait(&started);
  while (argument && !over) continue;
  pthread_barrier_wait(&started);
  return NULL;
}

// How many threads /proc shows; -1: one of them has an id of root.
static int count_changed(void) {
  char name[64], text[4096];
  int count = 0;
  DIR* tasks = opendir("/proc/self/task");
  if (!tasks) return failed("opendir");
  for (const struct dirent* entry; (entry = readdir(tasks));) {
    if (entry->d_name[0] == '.') continue;
    snprintf(name, sizeof name, "/proc/self/task/%.20s/status", entry->d_name);
    const int file = open(name, O_RDONLY);
    DO(file);
    const ssize_t length = read(file, text, sizeof text - 1);
    CHECK(length > 0);
    text[length] = 0;
    CHECK(strstr(text, "\nUid:\t101\t101\t101\t101\n"));
    CHECK(strstr(text, "\nGid:\t101\t101\t101\t101\n"));
    CHECK(strstr(text, "\nGroups:\t101 \n"));
    DO(close(file));
    ++count;
  }
  closedir(tasks);
  return count;
}

static int by_change(void) {
  const gid_t groups[] = {account};
  pthread_t threads[others];
  pthread_barrier_init(&started, NULL, others + 1);
  for (int i = 0; i < others; ++i) {
    errno = pthread_create(&threads[i], NULL, live_on, i % 2 ? &started : NULL);
    if (errno) return failed("pthread_create");
  }
  pthread_barrier_wait(&started);
  DO(setgroups(1, groups));
  DO(setgid(account));
  DO(setuid(account));
  const int changed = count_changed();
  over = 1;
  if (changed < 0) return -1;
  CHECK(changed == others + 1);
  pthread_barrier_wait(&started);
  for (int i = 0; i < others; ++i) pthread_join(threads[i], NULL);
  return 0;
}

TRY(back_to_root, setuid(0))
TRY(keep_root, setresuid(account, account, 0))
TRY(root_group, setgid(0))

const struct verb thread_verbs[] = {
    {"threads_change_account", NULL, by_change, {EXCESS(back_to_root), EXCESS(keep_root), EXCESS(root_group)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
