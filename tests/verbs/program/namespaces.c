// A namespace of each kind.
#include <sched.h>

#include "verb.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static int kind, names;

static int have_names(void) {
  DO(names = open("/proc/self/ns/uts", O_RDONLY));
  return 0;
}

TRY(unshare_other, unshare(kind == CLONE_NEWUTS ? CLONE_NEWIPC : CLONE_NEWUTS))
// A process has one PID namespace for its children, and no second.
TRY_ANSWERED(unshare_more, unshare(kind | (kind == CLONE_NEWNET ? CLONE_NEWIPC : CLONE_NEWNET)), EINVAL)
TRY(unshare_files, unshare(CLONE_FILES))
TRY(unshare_nothing, unshare(0))
TRY(join, setns(names, CLONE_NEWUTS))
TRY(join_any, setns(names, 0))

static int make(int its_kind) {
  kind = its_kind;
  DO(unshare(its_kind));
  return 0;
}

#define BY(name, its_kind) \
  static int name(void) { return make(its_kind); }
BY(by_user, CLONE_NEWUSER)
BY(by_mount, CLONE_NEWNS)
BY(by_pid, CLONE_NEWPID)
BY(by_net, CLONE_NEWNET)
BY(by_ipc, CLONE_NEWIPC)
BY(by_uts, CLONE_NEWUTS)
BY(by_cgroup, CLONE_NEWCGROUP)
BY(by_time, CLONE_NEWTIME)
BY(by_two, CLONE_NEWUTS | CLONE_NEWNS)

#define BEYOND                                                                                                 \
  {                                                                                                            \
    EXCESS(unshare_other), EXCESS(unshare_more), EXCESS(unshare_files), EXCESS(unshare_nothing), EXCESS(join), \
        EXCESS(join_any)                                                                                       \
  }
// After unshare(CLONE_NEWUSER) nobody may join what the old namespace owns, nor make another one.
#define BEYOND_USER \
  { EXCESS(unshare_other), EXCESS(unshare_files), EXCESS(unshare_nothing) }
const struct verb namespace_verbs[] = {
    {"namespace_user", have_names, by_user, BEYOND_USER, 0},
    {"namespace_mount", have_names, by_mount, BEYOND, 0},
    {"namespace_pid", have_names, by_pid, BEYOND, 0},
    {"namespace_net", have_names, by_net, BEYOND, 0},
    {"namespace_ipc", have_names, by_ipc, BEYOND, 0},
    {"namespace_uts", have_names, by_uts, BEYOND, 0},
    {"namespace_cgroup", have_names, by_cgroup, BEYOND, 0},
    {"namespace_time", have_names, by_time, BEYOND, 0},
    {"namespace_two", have_names, by_two, {EXCESS(unshare_files), EXCESS(unshare_nothing), EXCESS(join_any)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
