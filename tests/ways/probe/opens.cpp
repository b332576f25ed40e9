// Files that are opened for reading, writing, appending, and cut short, by each call that opens.
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "probe.hpp"

namespace ways {
namespace {

int opened = -1;
struct {
  file_handle head;
  unsigned char rest[MAX_HANDLE_SZ];
} handle;
int mount_of_handle = 0;

void with_file() { make_file("file"); }
void with_handle() {
  make_file("file");
  handle.head.handle_bytes = MAX_HANDLE_SZ;
  must(name_to_handle_at(AT_FDCWD, "file", &handle.head, &mount_of_handle, 0), "name_to_handle_at");
}

// ---- the calls

template <int flags>
long by_open() {
  return kept(opened, call(SYS_open, "file", flags, 0600));
}
template <int flags>
long by_openat() {
  return kept(opened, call(SYS_openat, AT_FDCWD, "file", flags, 0600));
}
template <int flags>
long by_openat2() {
  open_how how{};
  how.flags = flags;
  return kept(opened, call(SYS_openat2, AT_FDCWD, "file", &how, sizeof how));
}
template <int flags>
long by_handle() {
  return kept(opened, call(SYS_open_by_handle_at, AT_FDCWD, &handle, flags));
}
long by_creat() { return kept(opened, call(SYS_creat, "file", 0600)); }

// ---- what they did

bool reads() {
  char got[8] = "";
  return pread(opened, got, sizeof got, 0) == 5 && std::strcmp(got, "bytes") == 0;
}
std::string_view content() {
  static char got[16];
  const int file = open("file", O_RDONLY | O_CLOEXEC);
  const long bytes = read(file, got, sizeof got);
  close(file);
  return {got, bytes > 0 ? static_cast<std::size_t>(bytes) : 0};
}
bool writes() { return write(opened, "X", 1) == 1 && content() == "Xytes"; }
bool writes_anew() { return write(opened, "X", 1) == 1 && content() == "X"; }
bool appends() { return write(opened, "X", 1) == 1 && content() == "bytesX"; }
/// What was opened to append may write elsewhere after all.
bool appends_and_writes() {
  return appends() && fcntl(opened, F_SETFL, 0) == 0 && pwrite(opened, "Y", 1, 0) == 1 && content() == "YytesX";
}
bool is_empty() { return content().empty(); }

// ---- shorter, without being opened for it

bool is_shorter() { return content() == "by"; }
void with_open_file() {
  make_file("file");
  opened = static_cast<int>(must(open("file", O_WRONLY | O_CLOEXEC), "file"));
}
constexpr long block = 65536;  // a multiple of what a filesystem has
/// On the disk: a tmpfs cannot.
void with_blocks() {
  opened = static_cast<int>(must(openat(disk, "blocks", O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600), "blocks"));
  must(unlinkat(disk, "blocks", 0), "unlink");
  must(posix_fallocate(opened, 0, 2 * block) == 0 ? 0 : -1, "allocate");
}
bool is_one_block() {
  struct stat seen {};
  return fstat(opened, &seen) == 0 && seen.st_size == block;
}

// ---- files that the kernel itself opens

/// A process that ends leaves a record in the file.
bool is_kept_account() {
  end(waiting_child());
  struct stat seen {};
  for (int i = 0; i < 2000 && stat("file", &seen) == 0 && seen.st_size <= 5; ++i) usleep(1000);
  acct(nullptr);
  return seen.st_size > 5;
}

int watcher = -1;
void with_watched_file() {
  with_file();
  watcher = static_cast<int>(must(inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify"));
  must(inotify_add_watch(watcher, "file", IN_CLOSE_WRITE), "watch");
}
/// The file holds no swap space, so that nobody gets any; that is found when it has been opened.
long swap_to_file() {
  const long result = call(SYS_swapon, "file", 0);
  return result < 0 && errno == EINVAL ? 0 : result;
}
bool was_opened_for_writing() {
  inotify_event event{};
  return read(watcher, &event, sizeof event) == sizeof event && (event.mask & IN_CLOSE_WRITE) != 0;
}

// ---- directories and links

char entries[1024];
long bytes = 0;
void with_open_folder() {
  make_file("file");
  opened = static_cast<int>(must(open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "."));
}
bool lists() { return memmem(entries, static_cast<std::size_t>(bytes), "file", 4) != nullptr; }
void with_link() { must(symlink("there", "link"), "symlink"); }
bool follows() { return bytes == 5 && std::memcmp(entries, "there", 5) == 0; }

#define OPENS(call, by, ready)                                                                       \
  {call "-read", ready, by<O_RDONLY>, reads}, {call "-read-write", ready, by<O_RDWR>, reads},        \
      {call "-write", ready, by<O_WRONLY>, writes}, {call "-write-read", ready, by<O_RDWR>, writes}, \
      {call "-append", ready, by<O_WRONLY | O_APPEND>, appends_and_writes},                          \
      {call "-truncate", ready, by<O_RDONLY | O_TRUNC>, is_empty}, {                                 \
    call "-write-anew", ready, by<O_WRONLY | O_TRUNC>, writes_anew                                   \
  }

constexpr Probe probes[] = {
    OPENS("open", by_open, with_file),
    OPENS("openat", by_openat, with_file),
    OPENS("open_by_handle_at", by_handle, with_handle),
    {"openat2-read", with_file, by_openat2<O_RDONLY>, reads},
    {"openat2-write", with_file, by_openat2<O_WRONLY>, writes},
    {"openat2-append", with_file, by_openat2<O_WRONLY | O_APPEND>, appends},
    {"openat2-truncate", with_file, by_openat2<O_WRONLY | O_TRUNC>, writes_anew},
    {"creat-truncate", with_file, by_creat, writes_anew},
    {"truncate", with_file, [] { return call(SYS_truncate, "file", 2); }, is_shorter},
    {"ftruncate", with_open_file, [] { return call(SYS_ftruncate, opened, 2); }, is_shorter},
    {"fallocate", with_blocks, [] { return call(SYS_fallocate, opened, FALLOC_FL_COLLAPSE_RANGE, 0, block); },
     is_one_block},
    {"acct", with_file, [] { return call(SYS_acct, "file"); }, is_kept_account},
    {"swapon", with_watched_file, swap_to_file, was_opened_for_writing},
    {"readlink", with_link, [] { return bytes = call(SYS_readlink, "link", entries, sizeof entries); }, follows},
    {"readlinkat", with_link, [] { return bytes = call(SYS_readlinkat, AT_FDCWD, "link", entries, sizeof entries); },
     follows},
    {"getdents", with_open_folder, [] { return bytes = call(SYS_getdents, opened, entries, sizeof entries); }, lists},
    {"getdents64", with_open_folder, [] { return bytes = call(SYS_getdents64, opened, entries, sizeof entries); },
     lists},
};

}  // namespace

std::span<const Probe> open_probes() { return probes; }

}  // namespace ways
