// Files that are not there yet, of every type.
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "verb.h"

TRY(create_setuid, open("e", O_RDONLY | O_CREAT, 04600))
TRY(create_write, open("e", O_WRONLY | O_CREAT, 0600))
TRY(create_write_setuid, open("e", O_WRONLY | O_CREAT, 04600))
TRY(create_append_setuid, open("e", O_WRONLY | O_CREAT | O_APPEND, 04600))
TRY(create_both, open("e", O_RDWR | O_CREAT, 0600))
TRY(create_both_others, open("e", O_RDWR | O_CREAT, 0602))
TRY(create_truncate, open("e", O_WRONLY | O_CREAT | O_TRUNC, 0600))
TRY(creat_setuid, creat("e", 04600))
TRY(creat_plain, creat("e", 0600))
TRY(open_nameless, open(".", O_RDWR | O_TMPFILE, 0600))
TRY(mkdir_plain, mkdir("m", 0700))
TRY(mkdir_setgid, mkdir("m", 02755))
TRY(mkdir_others, mkdir("n", 0777))
TRY(mknod_file, mknod("r", S_IFREG | 0600, 0))
TRY(mknod_fifo, mknod("p", S_IFIFO | 0600, 0))
TRY(mknod_fifo_setuid, mknod("p", S_IFIFO | 04600, 0))
TRY(mknod_socket, mknod("q", S_IFSOCK | 0600, 0))
TRY(mknod_device, mknod("c", S_IFCHR | 0600, makedev(1, 3)))
TRY(mknod_device_setuid, mknod("h", S_IFCHR | 04600, makedev(1, 3)))
TRY(mknod_block, mknod("b", S_IFBLK | 0600, makedev(7, 0)))
TRY(symlink_plain, symlink("x", "y"))
TRY(link_plain, link("o", "o2"))

static int have_other(void) { return make_file("o", 0644); }

static int by_create(void) {
  DO(open("f", O_RDONLY | O_CREAT | O_EXCL, 0644));
  return 0;
}

static int by_create_write(void) {
  const int file = open("f", O_WRONLY | O_CREAT, 0644);
  DO(file);
  CHECK(write(file, "x", 1) == 1);
  return 0;
}

static int by_mkstemp(void) {
  char name[] = "t.XXXXXX", byte = 0;
  const int file = mkstemp(name);
  DO(file);
  CHECK(write(file, "x", 1) == 1 && read(file, &byte, 1) == 0);
  return 0;
}

static int by_stream(const char* mode) {
  FILE* stream = fopen("f", mode);
  if (!stream) return failed("fopen");
  CHECK(fputc('x', stream) == 'x');
  DO(fclose(stream));
  return 0;
}

static int by_fopen(void) { return by_stream("w"); }
static int by_fopen_both(void) { return by_stream("w+"); }
static int by_log(void) { return by_stream("a"); }
static int by_read_log(void) { return by_stream("a+"); }

static int by_creat(void) {
  const int file = creat("f", 0600);
  DO(file);
  CHECK(write(file, "x", 1) == 1);
  return 0;
}

static int by_mkdir(void) {
  DO(mkdir("d", 0755));
  DO(mkdirat(AT_FDCWD, "d/e", 0700));
  return 0;
}

static int by_mkfifo(void) {
  DO(mkfifo("f", 0600));
  DO(mkfifoat(AT_FDCWD, "g", 0600));
  return 0;
}

static int by_socket_file(void) {
  DO(mknod("s", S_IFSOCK | 0600, 0));
  DO(mknodat(AT_FDCWD, "t", S_IFSOCK | 0600, 0));
  return 0;
}

static int by_device(void) {
  DO(mknod("null", S_IFCHR | 0666, makedev(1, 3)));
  return 0;
}

static int by_block_device(void) {
  DO(mknod("loop", S_IFBLK | 0600, makedev(7, 0)));
  return 0;
}

static int by_symlink(void) {
  DO(symlink("f", "l"));
  DO(symlinkat("f", AT_FDCWD, "l2"));
  return 0;
}

const struct verb making_verbs[] = {
    {"create",
     NULL,
     by_create,
     {EXCESS(create_setuid), EXCESS(create_write), EXCESS(creat_plain), EXCESS(mkdir_plain), EXCESS(mknod_device)},
     0},
    {"create_write",
     NULL,
     by_create_write,
     {EXCESS(create_write_setuid), EXCESS(create_both), EXCESS(create_truncate), EXCESS(mkdir_plain)},
     0},
    {"mkstemp", NULL, by_mkstemp, {EXCESS(create_both_others), EXCESS(create_truncate), EXCESS(open_nameless)}, 0},
    {"fopen", NULL, by_fopen, {EXCESS(create_both), EXCESS(creat_setuid), EXCESS(mknod_fifo)}, 0},
    {"fopen_both", NULL, by_fopen_both, {EXCESS(create_append_setuid), EXCESS(creat_setuid), EXCESS(mknod_fifo)}, 0},
    {"log",
     NULL,
     by_log,
     {EXCESS(create_append_setuid), EXCESS(create_write), EXCESS(create_both), EXCESS(create_truncate)},
     0},
    {"read_log",
     NULL,
     by_read_log,
     {EXCESS(create_append_setuid), EXCESS(create_write), EXCESS(create_both), EXCESS(create_truncate)},
     0},
    {"creat", NULL, by_creat, {EXCESS(creat_setuid), EXCESS(create_both)}, 0},
    {"mkdir",
     NULL,
     by_mkdir,
     {EXCESS(mkdir_setgid), EXCESS(mkdir_others), EXCESS(mknod_file), EXCESS(symlink_plain)},
     0},
    {"mkfifo",
     NULL,
     by_mkfifo,
     {EXCESS(mknod_fifo_setuid), EXCESS(mknod_file), EXCESS(mknod_device), EXCESS(mknod_socket)},
     0},
    {"mknod_socket", NULL, by_socket_file, {EXCESS(mknod_fifo), EXCESS(mknod_device), EXCESS(mknod_file)}, 0},
    {"mknod_device",
     NULL,
     by_device,
     {EXCESS(mknod_device_setuid), EXCESS(mknod_block), EXCESS(mknod_fifo), EXCESS(mknod_file), EXCESS(mkdir_plain)},
     0},
    {"mknod_block", NULL, by_block_device, {EXCESS(mknod_device), EXCESS(mknod_fifo)}, 0},
    {"symlink", have_other, by_symlink, {EXCESS(link_plain), EXCESS(mkdir_plain)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
