// New files, directories, links, devices, fifos and sockets.
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include <cstring>
#include <string_view>

#include "probe.hpp"

namespace ways {
namespace {

int opened = -1;
dev_t null_device() { return makedev(1, 3); }
dev_t loop_device() { return makedev(7, 0); }

template <mode_t type>
bool is_new() {
  struct stat seen {};
  return lstat("new", &seen) == 0 && (seen.st_mode & S_IFMT) == type;
}

template <mode_t type>
long by_mknod() {
  return call(SYS_mknod, "new", type | 0600, type == S_IFBLK ? loop_device() : type == S_IFCHR ? null_device() : 0);
}
template <mode_t type>
long by_mknodat() {
  return call(SYS_mknodat, AT_FDCWD, "new", type | 0600,
              type == S_IFBLK   ? loop_device()
              : type == S_IFCHR ? null_device()
                                : 0);
}

long by_openat2() {
  open_how how{};
  how.flags = O_CREAT | O_WRONLY;
  how.mode = 0600;
  return call(SYS_openat2, AT_FDCWD, "new", &how, sizeof how);
}

/// A file without a name, which gets one.
bool gets_a_name() {
  const std::string_view self = "/proc/self/fd/";
  char path[32];
  std::memcpy(path, self.data(), self.size());
  path[self.size()] = static_cast<char>('0' + opened);
  path[self.size() + 1] = 0;
  return linkat(AT_FDCWD, path, AT_FDCWD, "new", AT_SYMLINK_FOLLOW) == 0 && is_new<S_IFREG>();
}

sockaddr_un address{AF_UNIX, "new"};
void with_socket() { opened = static_cast<int>(must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")); }

#define MKNOD(name, type)                                                                 \
  {"mknod-" name, nullptr, by_mknod<type>, is_new < (type) == 0 ? S_IFREG : (type) > }, { \
    "mknodat-" name, nullptr, by_mknodat<type>, is_new<(type) == 0 ? S_IFREG : (type)>    \
  }

constexpr Probe probes[] = {
    {"open-create", nullptr, [] { return call(SYS_open, "new", O_CREAT | O_WRONLY, 0600); }, is_new<S_IFREG>},
    {"open-create-read", nullptr, [] { return call(SYS_open, "new", O_CREAT | O_RDONLY, 0600); }, is_new<S_IFREG>},
    {"openat-create", nullptr, [] { return call(SYS_openat, AT_FDCWD, "new", O_CREAT | O_WRONLY, 0600); },
     is_new<S_IFREG>},
    {"openat-create-read", nullptr, [] { return call(SYS_openat, AT_FDCWD, "new", O_CREAT | O_RDONLY, 0600); },
     is_new<S_IFREG>},
    {"openat2-create", nullptr, by_openat2, is_new<S_IFREG>},
    {"creat-create", nullptr, [] { return call(SYS_creat, "new", 0600); }, is_new<S_IFREG>},
    {"open-tmpfile", nullptr, [] { return kept(opened, call(SYS_open, ".", O_TMPFILE | O_WRONLY, 0600)); },
     gets_a_name},
    {"openat-tmpfile", nullptr,
     [] { return kept(opened, call(SYS_openat, AT_FDCWD, ".", O_TMPFILE | O_WRONLY, 0600)); }, gets_a_name},
    MKNOD("file", S_IFREG),
    MKNOD("typeless", 0),
    MKNOD("fifo", S_IFIFO),
    MKNOD("socket", S_IFSOCK),
    MKNOD("chardev", S_IFCHR),
    MKNOD("blockdev", S_IFBLK),
    {"bind-path", with_socket, [] { return call(SYS_bind, opened, &address, sizeof address); }, is_new<S_IFSOCK>},
    {"mkdir", nullptr, [] { return call(SYS_mkdir, "new", 0700); }, is_new<S_IFDIR>},
    {"mkdirat", nullptr, [] { return call(SYS_mkdirat, AT_FDCWD, "new", 0700); }, is_new<S_IFDIR>},
    {"symlink", nullptr, [] { return call(SYS_symlink, "there", "new"); }, is_new<S_IFLNK>},
    {"symlinkat", nullptr, [] { return call(SYS_symlinkat, "there", AT_FDCWD, "new"); }, is_new<S_IFLNK>},
};

}  // namespace

std::span<const Probe> create_probes() { return probes; }

}  // namespace ways
