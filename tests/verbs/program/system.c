// The clock, which is set to what it says, and mounts, in a mount namespace of this process's own.
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

#include "verb.h"

static int have_mounts(void) {
  DO(mkdir("m", 0755));
  DO(mkdir("n", 0755));
  DO(mkdir("o", 0755));
  DO(mount("none", "n", "tmpfs", 0, NULL));
  DO(mount("none", "o", "tmpfs", 0, NULL));
  DO(mkdir("n/old", 0755));
  return 0;
}

TRY(adjust, adjtimex(&(struct timex){.modes = 0}))
TRY(mount_more, mount("none", "m", "tmpfs", 0, NULL))
TRY(umount_old, umount2("o", MNT_DETACH))
TRY_ANSWERED(pivot, syscall(SYS_pivot_root, "m", "m"), EINVAL)
TRY(change_root, chroot("m"))

static int set_clock(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  return clock_settime(CLOCK_REALTIME, &now);
}
TRY(set, set_clock())

static int by_set(void) {
  DO(set_clock());
  return 0;
}

// The frequency that it has already.
static int by_adjust(void) {
  struct timex state = {.modes = 0};
  DO(adjtimex(&state));
  state.modes = ADJ_FREQUENCY;
  DO(adjtimex(&state));
  DO(clock_adjtime(CLOCK_REALTIME, &state));
  DO(adjtime(&(struct timeval){0, 0}, NULL));
  return 0;
}

static int by_mount(void) {
  DO(mount("none", "m", "tmpfs", MS_NODEV, NULL));
  DO(mount("none", "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
  DO(mount("m", "n", NULL, MS_BIND, NULL));
  return 0;
}

// libmount's way since 2.39; musl has no functions for it.
static int by_new_mount(void) {
  enum { set_string = 1, create = 6, empty_path = 4 };
  const long context = syscall(SYS_fsopen, "tmpfs", 0);
  DO(context);
  DO(syscall(SYS_fsconfig, context, set_string, "size", "4096", 0));
  DO(syscall(SYS_fsconfig, context, create, NULL, NULL, 0));
  const long tree = syscall(SYS_fsmount, context, 0, 0);
  DO(tree);
  DO(syscall(SYS_move_mount, tree, "", AT_FDCWD, "m", empty_path));
  return 0;
}

static int by_umount(void) {
  DO(umount("n"));
  DO(umount2("o", MNT_DETACH));
  return 0;
}

static int by_pivot(void) {
  DO(syscall(SYS_pivot_root, "n", "n/old"));
  return 0;
}

static int by_device(void) {
  DO(mknod("null", S_IFCHR | 0600, makedev(1, 3)));
  DO(mknod("loop", S_IFBLK | 0600, makedev(7, 0)));
  return 0;
}

static int by_chroot(void) {
  DO(chroot("/mnt/m"));
  return 0;
}

TRY(mknod_fifo, mknod("p", S_IFIFO | 0600, 0))
TRY(mknod_file, mknod("r", S_IFREG | 0600, 0))
TRY(enter, chdir("m"))

const struct verb system_verbs[] = {
    {"time_set", NULL, by_set, {EXCESS(adjust)}, 0},
    {"time_adjust", NULL, by_adjust, {EXCESS(set)}, 0},
    {"mount", have_mounts, by_mount, {EXCESS(umount_old), EXCESS(pivot), EXCESS(change_root)}, 0},
    {"new_mount", have_mounts, by_new_mount, {EXCESS(umount_old), EXCESS(pivot), EXCESS(change_root)}, 0},
    {"umount", have_mounts, by_umount, {EXCESS(mount_more), EXCESS(pivot), EXCESS(change_root)}, 0},
    {"pivot", have_mounts, by_pivot, {EXCESS(mount_more), EXCESS(umount_old)}, 1},
    {"capability_mknod", NULL, by_device, {EXCESS(mknod_fifo), EXCESS(mknod_file)}, 0},
    {"capability_chroot", have_mounts, by_chroot, {EXCESS(mount_more), EXCESS(enter)}, 1},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
