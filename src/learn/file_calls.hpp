// Which calls have names of files, where, and what access each is: the one table for every kind of log.
#pragma once

#include <array>
#include <string_view>

namespace polc::learn {

inline constexpr int no_argument = -1;

/// Where a call has its name: the directory that it may be relative to, the name, and what else the access needs.
struct FileRow {
  std::string_view call, verb;
  int directory, name;
  int mode = no_argument;         // create, chmod
  int flags = no_argument;        // AT_SYMLINK_NOFOLLOW and its like
  bool on_link = false;    // it is about the link itself
  std::string_view suffix = {};
};
// By their manual pages; verbs as docs/language.md 3.1 has them.
inline constexpr std::array file_rows{
    FileRow{"access", "stat", no_argument, 0},
    FileRow{"chdir", "chdir", no_argument, 0},
    FileRow{"chmod", "chmod", no_argument, 0, 1},
    FileRow{"chown", "chown", no_argument, 0},
    FileRow{"chroot", "chroot", no_argument, 0},
    FileRow{"faccessat", "stat", 0, 1},
    FileRow{"faccessat2", "stat", 0, 1, no_argument, 3},
    FileRow{"fchmodat", "chmod", 0, 1, 2},
    FileRow{"fchmodat2", "chmod", 0, 1, 2, 3},
    FileRow{"fchownat", "chown", 0, 1, no_argument, 4},
    FileRow{"futimesat", "utime", 0, 1},
    FileRow{"getxattr", "xattr", no_argument, 0},
    FileRow{"inotify_add_watch", "watch", no_argument, 1},
    FileRow{"lchown", "chown", no_argument, 0, no_argument, no_argument, true},
    FileRow{"lgetxattr", "xattr", no_argument, 0, no_argument, no_argument, true},
    FileRow{"listxattr", "xattr", no_argument, 0},
    FileRow{"llistxattr", "xattr", no_argument, 0, no_argument, no_argument, true},
    FileRow{"lremovexattr", "xattr", no_argument, 0, no_argument, no_argument, true},
    FileRow{"lsetxattr", "xattr", no_argument, 0, no_argument, no_argument, true},
    FileRow{"lstat", "stat", no_argument, 0, no_argument, no_argument, true},
    FileRow{"mkdir", "mkdir", no_argument, 0, 1},
    FileRow{"mkdirat", "mkdir", 0, 1, 2},
    FileRow{"newfstatat", "stat", 0, 1, no_argument, 3},
    FileRow{"readlink", "read", no_argument, 0, no_argument, no_argument, true, " type symlink"},
    FileRow{"readlinkat", "read", 0, 1, no_argument, no_argument, true, " type symlink"},
    FileRow{"removexattr", "xattr", no_argument, 0},
    FileRow{"rmdir", "delete", no_argument, 0, no_argument, no_argument, true},
    FileRow{"setxattr", "xattr", no_argument, 0},
    FileRow{"stat", "stat", no_argument, 0},
    FileRow{"statfs", "stat", no_argument, 0},
    FileRow{"statx", "stat", 0, 1, no_argument, 2},
    FileRow{"truncate", "truncate", no_argument, 0},
    FileRow{"unlink", "delete", no_argument, 0, no_argument, no_argument, true},
    FileRow{"unlinkat", "delete", 0, 1, no_argument, no_argument, true},
    FileRow{"utime", "utime", no_argument, 0},
    FileRow{"utimensat", "utime", 0, 1, no_argument, 3},
    FileRow{"utimes", "utime", no_argument, 0},
};

/// Calls on a descriptor that are an access of what it leads to.
struct DescriptorRow {
  std::string_view call, verb;
  int mode = no_argument;
};
inline constexpr std::array descriptor_rows{
    DescriptorRow{"fchdir", "chdir"},      DescriptorRow{"fchmod", "chmod", 1},   DescriptorRow{"fchown", "chown"},
    DescriptorRow{"fgetxattr", "xattr"},   DescriptorRow{"flistxattr", "xattr"},  DescriptorRow{"flock", "lock"},
    DescriptorRow{"fremovexattr", "xattr"}, DescriptorRow{"fsetxattr", "xattr"},  DescriptorRow{"ftruncate", "truncate"},
};

struct PairRow {
  std::string_view call, verb;
  int from_directory, from, to_directory, to;
};
inline constexpr std::array pair_rows{
    PairRow{"link", "link", no_argument, 0, no_argument, 1},     PairRow{"linkat", "link", 0, 1, 2, 3},
    PairRow{"rename", "rename", no_argument, 0, no_argument, 1}, PairRow{"renameat", "rename", 0, 1, 2, 3}, PairRow{"renameat2", "rename", 0, 1, 2, 3},
};

}  // namespace polc::learn
