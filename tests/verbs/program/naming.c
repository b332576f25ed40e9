// Names that go, move or are added.
#include <stdio.h>

#include "verb.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
#define RENAME_WHITEOUT 4
#endif
#ifndef __GLIBC__  // musl has it since 1.2.5
#include <sys/syscall.h>
#define renameat2(from, a, to, b, flags) syscall(SYS_renameat2, from, a, to, b, flags)
#endif

static int file;

// Files, folders, and a descriptor of a file.
static int have_names(void) {
  DO(make_file("a", 0644));
  DO(make_file("b", 0644));
  DO(mkdir("d", 0755));
  DO(mkdir("e", 0755));
  DO(mkdir("g", 0755));
  DO(make_file("x", 0644));
  DO(make_file("y", 0644));
  DO(file = open("x", O_RDONLY));
  return 0;
}

TRY(remove_folder, rmdir("e"))
TRY(unlinkat_folder, unlinkat(AT_FDCWD, "g", AT_REMOVEDIR))
TRY(remove_file, unlink("x"))
TRY(unlinkat_file, unlinkat(AT_FDCWD, "b", 0))
TRY(rename_plain, rename("y", "z"))
TRY(link_plain, link("x", "v"))
TRY(exchange, renameat2(AT_FDCWD, "x", AT_FDCWD, "b", RENAME_EXCHANGE))
TRY(whiteout, renameat2(AT_FDCWD, "d", AT_FDCWD, "w", RENAME_WHITEOUT))
TRY(link_descriptor, linkat(file, "", AT_FDCWD, "u", AT_EMPTY_PATH))

static int by_unlink(void) {
  DO(unlink("a"));
  DO(unlinkat(AT_FDCWD, "b", 0));
  return 0;
}

static int by_rmdir(void) {
  DO(rmdir("d"));
  return 0;
}

static int by_remove(void) {
  DO(remove("a"));
  DO(remove("d"));
  return 0;
}

static int by_rename(void) {
  DO(rename("a", "a1"));
  DO(renameat(AT_FDCWD, "a1", AT_FDCWD, "a2"));
  DO(renameat2(AT_FDCWD, "a2", AT_FDCWD, "a3", RENAME_NOREPLACE));
  return 0;
}

static int by_exchange(void) {
  DO(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE));
  return 0;
}

static int by_link(void) {
  DO(link("a", "a1"));
  DO(linkat(AT_FDCWD, "a", AT_FDCWD, "a2", AT_SYMLINK_FOLLOW));
  return 0;
}

const struct verb naming_verbs[] = {
    {"unlink", have_names, by_unlink, {EXCESS(remove_folder), EXCESS(unlinkat_folder), EXCESS(rename_plain)}, 0},
    {"rmdir", have_names, by_rmdir, {EXCESS(remove_file), EXCESS(unlinkat_file), EXCESS(rename_plain)}, 0},
    {"remove", have_names, by_remove, {EXCESS(rename_plain), EXCESS(link_plain)}, 0},
    {"rename", have_names, by_rename, {EXCESS(exchange), EXCESS(whiteout), EXCESS(link_plain), EXCESS(remove_file)}, 0},
    {"exchange", have_names, by_exchange, {EXCESS(whiteout), EXCESS(link_plain), EXCESS(remove_file)}, 0},
    {"link", have_names, by_link, {EXCESS(link_descriptor), EXCESS(rename_plain), EXCESS(remove_file)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
