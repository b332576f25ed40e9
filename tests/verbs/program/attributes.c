// What is known of a file, and what is done to it.
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <termios.h>
#include <utime.h>

#include "verb.h"

static int file;      // of "f"
static int terminal;  // the side that a program has
static int ends[2];   // of a pipe

static int have_file(void) {
  DO(make_file("f", 0644));
  DO(mkdir("d", 0755));
  DO(symlink("f", "l"));
  DO(file = open("f", O_RDWR));
  return 0;
}

static int have_terminal(void) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  DO(master);
  DO(unlockpt(master));
  DO(terminal = open(ptsname(master), O_RDWR | O_NOCTTY));
  return 0;
}

static struct termios settings;

TRY(chmod_setuid, chmod("f", 04755))
TRY(chmod_setgid, fchmod(file, 02755))
TRY(chmod_others, fchmodat(AT_FDCWD, "f", 0777, 0))
TRY(chmod_plain, chmod("f", 0600))
TRY(chown_plain, chown("f", 1, 1))
TRY(open_read, open("f", O_RDONLY))
TRY(open_write, open("f", O_WRONLY))
TRY(times, utimensat(AT_FDCWD, "f", NULL, 0))
TRY(set_attribute, setxattr("f", "trusted.x", "1", 1, 0))
TRY(owner_of_signals, fcntl(file, F_SETOWN, 1))
TRY_ANSWERED(lease, fcntl(file, F_SETLEASE, F_UNLCK), EAGAIN)
TRY(watch_by_fcntl, fcntl(open("d", O_RDONLY), F_NOTIFY, 0))
TRY(whole_lock, flock(file, LOCK_EX))
TRY_ANSWERED(type_into, ioctl(terminal, TIOCSTI, "x"), EIO)
TRY(set_terminal, tcsetattr(terminal, TCSANOW, &settings))
TRY(set_size, ioctl(terminal, TIOCSWINSZ, &(struct winsize){.ws_row = 1}))
TRY(ask_terminal, tcgetattr(terminal, &settings))
TRY(close_on_exec, ioctl(ends[0], FIOCLEX))
TRY(unblock, ioctl(ends[0], FIONBIO, &(int){1}))
TRY(watch_files, fanotify_init(FAN_CLASS_NOTIF, O_RDONLY))
TRY(enter, chdir("d"))
TRY(change_root, chroot("d"))

static mode_t mode_of_file(void) {
  struct stat found = {0};
  return fstat(file, &found) == 0 ? found.st_mode & 07777 : 0;
}

static int by_chmod(void) {
  DO(chmod("f", 0700));
  DO(fchmod(file, 0750));
  DO(fchmodat(AT_FDCWD, "f", 0755, 0));
  return 0;
}

// Without fchmodat2 libc opens the file with O_PATH, looks at it and goes by /proc/self/fd.
static int by_chmod_no_link(void) {
  DO(fchmodat(AT_FDCWD, "f", 0700, AT_SYMLINK_NOFOLLOW));
  CHECK(mode_of_file() == 0700);
  return 0;
}

static int by_chown(void) {
  DO(chown("f", 1, 1));
  DO(lchown("l", 1, 1));
  DO(fchown(file, 2, 2));
  DO(fchownat(AT_FDCWD, "l", 3, 3, AT_SYMLINK_NOFOLLOW));
  return 0;
}

static int by_utime(void) {
  const struct timespec times_of[2] = {{1, 0}, {2, 0}};
  const struct timeval halves[2] = {{3, 0}, {4, 0}};
  const struct utimbuf seconds = {5, 6};
  DO(utimensat(AT_FDCWD, "f", times_of, AT_SYMLINK_NOFOLLOW));
  DO(futimens(file, times_of));
  DO(utimes("f", halves));
  DO(utime("f", &seconds));
  return 0;
}

static int by_xattr(void) {
  char text[100] = "";
  DO(setxattr("f", "trusted.a", "1", 1, 0));
  DO(lsetxattr("f", "trusted.b", "2", 1, 0));
  DO(fsetxattr(file, "trusted.c", "3", 1, 0));
  CHECK(getxattr("f", "trusted.b", text, sizeof text) == 1 && text[0] == '2');
  DO(lgetxattr("f", "trusted.a", text, sizeof text));
  DO(fgetxattr(file, "trusted.a", text, sizeof text));
  DO(listxattr("f", text, sizeof text));
  DO(llistxattr("f", text, sizeof text));
  DO(flistxattr(file, text, sizeof text));
  DO(removexattr("f", "trusted.a"));
  DO(lremovexattr("f", "trusted.b"));
  DO(fremovexattr(file, "trusted.c"));
  return 0;
}

static int by_stat(void) {
  struct stat found = {0};
  struct statfs system;
  struct statvfs volume;
  DO(stat("f", &found));
  CHECK(found.st_size == 1);
  DO(lstat("l", &found));
  CHECK(S_ISLNK(found.st_mode));
  DO(fstat(file, &found));
  DO(fstatat(AT_FDCWD, "l", &found, AT_SYMLINK_NOFOLLOW));
  DO(access("f", R_OK));
  DO(faccessat(AT_FDCWD, "f", W_OK, AT_EACCESS));
  DO(statfs("f", &system));
  DO(fstatfs(file, &system));
  DO(statvfs("f", &volume));
  return 0;
}

static int folder;

static int have_folder(void) {
  DO(have_file());
  DO(folder = open("d", O_RDONLY | O_DIRECTORY));
  return 0;
}

static int by_chdir(void) {
  DO(chdir("d"));
  DO(chdir(".."));
  DO(fchdir(folder));
  return 0;
}

static int by_chroot(void) {
  DO(chroot("/mnt/d"));
  return 0;
}

static int by_flock(void) {
  DO(flock(file, LOCK_EX));
  DO(lockf(file, F_LOCK, 0));
  DO(lockf(file, F_TEST, 0));
  return 0;
}

static int have_pipe(void) {
  DO(have_terminal());
  DO(pipe(ends));
  DO(write(ends[1], "xyz", 3));
  return 0;
}

static int by_ioctl(void) {
  int length = 0;
  DO(ioctl(ends[0], FIONREAD, &length));
  CHECK(length == 3);
  return 0;
}

static int by_terminal(void) {
  struct winsize size;
  DO(tcgetattr(terminal, &settings));
  DO(ioctl(terminal, TIOCGWINSZ, &size));
  return 0;
}

static int by_watch(void) {
  char event[200];
  const int watcher = inotify_init1(IN_CLOEXEC);
  DO(watcher);
  const int watch = inotify_add_watch(watcher, "f", IN_MODIFY);
  DO(watch);
  CHECK(write(file, "z", 1) == 1);
  DO(read(watcher, event, sizeof event));
  DO(inotify_rm_watch(watcher, watch));
  return 0;
}

const struct verb attribute_verbs[] = {
    {"chmod",
     have_file,
     by_chmod,
     {EXCESS(chmod_setuid), EXCESS(chmod_setgid), EXCESS(chmod_others), EXCESS(chown_plain), EXCESS(set_attribute)},
     0},
    {"chmod_no_link",
     have_file,
     by_chmod_no_link,
     {EXCESS(chmod_setuid), EXCESS(chmod_setgid), EXCESS(open_read), EXCESS(open_write)},
     0},
    {"chown", have_file, by_chown, {EXCESS(chmod_plain), EXCESS(times)}, 0},
    {"utime", have_file, by_utime, {EXCESS(chmod_plain), EXCESS(set_attribute)}, 0},
    {"xattr", have_file, by_xattr, {EXCESS(chmod_plain), EXCESS(times)}, 0},
    {"stat", have_file, by_stat, {EXCESS(open_read), EXCESS(times), EXCESS(set_attribute)}, 0},
    {"chdir", have_folder, by_chdir, {EXCESS(open_read), EXCESS(change_root)}, 1},
    {"chroot", have_file, by_chroot, {EXCESS(enter)}, 1},
    {"lock", have_file, by_flock, {EXCESS(owner_of_signals), EXCESS(lease), EXCESS(watch_by_fcntl)}, 0},
    {"ioctl",
     have_pipe,
     by_ioctl,
     {EXCESS(unblock), EXCESS(close_on_exec), EXCESS(ask_terminal), EXCESS(type_into)},
     0},
    {"terminal", have_terminal, by_terminal, {EXCESS(set_terminal), EXCESS(set_size), EXCESS(type_into)}, 0},
    {"watch", have_file, by_watch, {EXCESS(watch_files), EXCESS(open_read), EXCESS(whole_lock)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
