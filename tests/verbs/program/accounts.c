// Becoming a user, and a group. The excess comes first: afterwards there is no right to it.
#include <grp.h>
#include <sys/fsuid.h>

#include "verb.h"

enum { target = 101, other = 102 };

static int seteuid_other(void) {
  if (seteuid(other) != 0) return errno;
  return seteuid(0) != 0 ? errno : 0;
}
static int setegid_other(void) {
  if (setegid(other) != 0) return errno;
  return setegid(0) != 0 ? errno : 0;
}

// The id before; on i386 glibc hands an errno on as it comes from the kernel.
static int answered(int answer) { return answer == -1 ? errno : answer < 0 ? -answer : 0; }
static int files_user(void) { return answered(setfsuid(target)); }
static int files_group(void) { return answered(setfsgid(target)); }

TRY(stay_root, setuid(0))
TRY(keep_root, setresuid(0, (uid_t)-1, 0))
TRY(real_root, setreuid(0, (uid_t)-1))
TRY(stay_root_group, setgid(0))
TRY(keep_root_group, setresgid(0, (gid_t)-1, 0))
TRY(groups, setgroups(0, NULL))

static int by_setuid(void) {
  DO(seteuid(target));
  DO(setreuid(target, target));
  DO(setresuid(target, target, target));
  DO(setuid(target));
  return 0;
}

static int by_setuid_alone(void) {
  DO(setuid(target));
  return 0;
}

static int by_setgid(void) {
  const gid_t list[] = {target};
  DO(setgroups(1, list));
  DO(setegid(target));
  DO(setregid(target, target));
  DO(setresgid(target, target, target));
  DO(setgid(target));
  return 0;
}

const struct verb account_verbs[] = {
    {"setuid",
     NULL,
     by_setuid,
     {EXCESS(stay_root), EXCESS(keep_root), EXCESS(real_root), EXCESS(seteuid_other), EXCESS(files_user),
      EXCESS(stay_root_group), EXCESS(groups)},
     1},
    {"setuid_alone", NULL, by_setuid_alone, {EXCESS(stay_root), EXCESS(seteuid_other)}, 1},
    {"setgid",
     NULL,
     by_setgid,
     {EXCESS(stay_root_group), EXCESS(keep_root_group), EXCESS(setegid_other), EXCESS(files_group), EXCESS(stay_root)},
     1},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
