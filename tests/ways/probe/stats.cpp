// What there is, and what the kernel says of it.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "probe.hpp"

namespace ways {
namespace {

constexpr long file_getattr = 468;  // Linux 6.17
constexpr long tmpfs_magic = 0x01021994;

int opened = -1, mount_number = 0;
struct stat seen {};
struct statfs filesystem {};
struct statx more {};
std::uint64_t attributes[3];
struct {
  file_handle head;
  unsigned char rest[MAX_HANDLE_SZ];
} handle;

void with_file() {
  make_file("file");
  opened = static_cast<int>(must(open("file", O_RDONLY | O_CLOEXEC), "file"));
}
bool is_it() { return seen.st_size == 5; }
bool is_tmpfs() { return filesystem.f_type == tmpfs_magic; }
long by_statx() { return call(SYS_statx, AT_FDCWD, "file", 0, 0x7ff, &more); }
bool is_it_by_statx() { return more.stx_size == 5; }
long by_handle() {
  handle.head.handle_bytes = MAX_HANDLE_SZ;
  return call(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, &mount_number, 0);
}
bool has_handle() { return handle.head.handle_bytes > 0 && handle.head.handle_bytes < MAX_HANDLE_SZ; }
long by_attributes() { return call(file_getattr, AT_FDCWD, "file", attributes, sizeof attributes, 0); }

constexpr Probe probes[] = {
    {"stat", with_file, [] { return call(SYS_stat, "file", &seen); }, is_it},
    {"lstat", with_file, [] { return call(SYS_lstat, "file", &seen); }, is_it},
    {"fstat", with_file, [] { return call(SYS_fstat, opened, &seen); }, is_it},
    {"newfstatat", with_file, [] { return call(SYS_newfstatat, AT_FDCWD, "file", &seen, 0); }, is_it},
    {"statx", with_file, by_statx, is_it_by_statx},
    {"access", with_file, [] { return call(SYS_access, "file", R_OK); }, nullptr},
    {"faccessat", with_file, [] { return call(SYS_faccessat, AT_FDCWD, "file", R_OK); }, nullptr},
    {"faccessat2", with_file, [] { return call(SYS_faccessat2, AT_FDCWD, "file", R_OK, 0); }, nullptr},
    {"statfs", with_file, [] { return call(SYS_statfs, "file", &filesystem); }, is_tmpfs},
    {"fstatfs", with_file, [] { return call(SYS_fstatfs, opened, &filesystem); }, is_tmpfs},
    {"name_to_handle_at", with_file, by_handle, has_handle},
    {"file_getattr", with_file, by_attributes, nullptr},
};

}  // namespace

std::span<const Probe> stat_probes() { return probes; }

}  // namespace ways
