// Files that are there: reading, writing, truncating.
#include <dirent.h>
#include <stdio.h>

#include "verb.h"

TRY(open_read, open("f", O_RDONLY))
TRY(open_write, open("f", O_WRONLY))
TRY(open_append, open("f", O_WRONLY | O_APPEND))
TRY(open_both, open("f", O_RDWR))
TRY(open_create, open("f", O_RDONLY | O_CREAT, 0600))
TRY(open_create_write, open("f", O_WRONLY | O_CREAT, 0600))
TRY(open_truncate, open("f", O_RDONLY | O_TRUNC))
TRY(open_truncate_write, open("f", O_WRONLY | O_TRUNC))
TRY(open_nameless, open(".", O_WRONLY | O_TMPFILE, 0600))

static int have_file(void) {
  DO(make_file("f", 0644));
  return 0;
}

static int by_read(void) {
  char byte = 0;
  const int file = open("f", O_RDONLY);
  DO(file);
  DO(read(file, &byte, 1));
  CHECK(byte == 'x');
  FILE* stream = fopen("f", "r");
  if (!stream) return failed("fopen");
  CHECK(fgetc(stream) == 'x');
  DO(fclose(stream));
  return 0;
}

static int have_folder(void) {
  DO(mkdir("d", 0755));
  DO(make_file("d/entry", 0644));
  return have_file();
}

static int by_list(void) {
  DIR* folder = opendir("d");
  if (!folder) return failed("opendir");
  int found = 0;
  errno = 0;
  for (const struct dirent* entry; (entry = readdir(folder));) found += strcmp(entry->d_name, "entry") == 0;
  if (errno) return failed("readdir");
  CHECK(found == 1);
  DO(closedir(folder));
  return 0;
}

static int have_link(void) {
  DO(symlink("f", "l"));
  return have_file();
}

static int by_readlink(void) {
  char target[10] = "";
  DO(readlink("l", target, sizeof target));
  CHECK(target[0] == 'f');
  DO(readlinkat(AT_FDCWD, "l", target, sizeof target));
  return 0;
}

static int by_write(void) {
  int file = open("f", O_WRONLY);
  DO(file);
  CHECK(write(file, "y", 1) == 1);
  file = open("f", O_WRONLY | O_APPEND);
  DO(file);
  CHECK(write(file, "z", 1) == 1);
  return 0;
}

static int by_read_write(void) {
  char byte = 0;
  const int file = open("f", O_RDWR);
  DO(file);
  DO(read(file, &byte, 1));
  CHECK(byte == 'x' && write(file, "y", 1) == 1);
  return 0;
}

static int by_append(void) {
  const int file = open("f", O_WRONLY | O_APPEND);
  DO(file);
  CHECK(write(file, "z", 1) == 1);
  return 0;
}

static int by_read_append(void) {
  char byte = 0;
  const int file = open("f", O_RDWR | O_APPEND);
  DO(file);
  DO(read(file, &byte, 1));
  CHECK(byte == 'x' && write(file, "z", 1) == 1);
  return 0;
}

static int by_truncate_both(void) {
  char byte = 0;
  const int file = open("f", O_RDWR | O_TRUNC);
  DO(file);
  CHECK(read(file, &byte, 1) == 0 && write(file, "y", 1) == 1);
  return 0;
}

static int by_truncate_write(void) {
  const int file = open("f", O_WRONLY | O_TRUNC);
  DO(file);
  CHECK(write(file, "y", 1) == 1);
  return 0;
}

static int opened;

static int have_opened(void) {
  DO(make_file("f", 0644));
  DO(opened = open("f", O_RDWR));
  return 0;
}

static int by_truncate(void) {
  char bytes[10];
  DO(truncate("f", 5));
  CHECK(read(opened, bytes, sizeof bytes) == 5);
  DO(ftruncate(opened, 9));
  CHECK(read(opened, bytes, sizeof bytes) == 4);
  return 0;
}

const struct verb opening_verbs[] = {
    {"read",
     have_file,
     by_read,
     {EXCESS(open_write), EXCESS(open_both), EXCESS(open_create), EXCESS(open_truncate), EXCESS(open_nameless)},
     0},
    {"list", have_folder, by_list, {EXCESS(open_write), EXCESS(open_create)}, 0},
    {"readlink", have_link, by_readlink, {EXCESS(open_read), EXCESS(open_write)}, 0},
    {"write",
     have_file,
     by_write,
     {EXCESS(open_read), EXCESS(open_both), EXCESS(open_create_write), EXCESS(open_truncate_write)},
     0},
    {"read_write",
     have_file,
     by_read_write,
     {EXCESS(open_create), EXCESS(open_create_write), EXCESS(open_truncate)},
     0},
    {"append", have_file, by_append, {EXCESS(open_write), EXCESS(open_read), EXCESS(open_create_write)}, 0},
    {"read_append",
     have_file,
     by_read_append,
     {EXCESS(open_write), EXCESS(open_both), EXCESS(open_create), EXCESS(open_truncate)},
     0},
    {"truncate_both",
     have_file,
     by_truncate_both,
     {EXCESS(open_truncate), EXCESS(open_create), EXCESS(open_create_write)},
     0},
    {"truncate_write",
     have_file,
     by_truncate_write,
     {EXCESS(open_truncate), EXCESS(open_create_write), EXCESS(open_read)},
     0},
    {"truncate",
     have_opened,
     by_truncate,
     {EXCESS(open_truncate), EXCESS(open_truncate_write), EXCESS(open_append)},
     0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
