// Modes, owners, times and extended attributes of files.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#include <cstring>

#include "probe.hpp"

namespace ways {
namespace {

constexpr long setxattrat = 463, getxattrat = 464, listxattrat = 465, removexattrat = 466;  // Linux 6.13
constexpr long fchmodat2 = 452;                                                             // Linux 6.6

int opened = -1;
struct stat now {};
const struct stat& state() {
  now = {};
  stat("file", &now);
  return now;
}
void with_file() {
  make_file("file");
  opened = static_cast<int>(must(open("file", O_RDWR | O_CLOEXEC), "file"));
}

// ---- modes

bool is_changed() { return (state().st_mode & 07777) == 04755; }

/// An access list that says just what a mode says becomes the mode.
struct AccessList {
  std::uint32_t version = 2;
  struct Entry {
    std::uint16_t tag, bits;
    std::uint32_t id = 0xffffffff;
  } entries[3] = {{1, 7}, {4, 5}, {0x20, 5}};  // the owner, the group, others
} list;
constexpr char list_name[] = "system.posix_acl_access";
bool has_the_lists_mode() { return (state().st_mode & 0777) == 0755; }

// ---- times

bool is_old() { return state().st_mtim.tv_sec == 1000; }
const utimbuf old_utime{1000, 1000};
const timeval old_utimes[2] = {{1000, 0}, {1000, 0}};
const timespec old_utimens[2] = {{1000, 0}, {1000, 0}};

// ---- extended attributes

constexpr char key[] = "trusted.ways";
char value[32];
struct Arguments {
  std::uint64_t value;
  std::uint32_t size, flags;
} arguments;
void with_attribute() {
  with_file();
  must(setxattr("file", key, "word", 4, 0), "setxattr");
}
bool is_set() {
  char got[8] = "";
  return getxattr("file", key, got, sizeof got) == 4 && std::memcmp(got, "word", 4) == 0;
}
bool is_removed() { return getxattr("file", key, value, sizeof value) == -1; }
bool is_got() { return std::memcmp(value, "word", 4) == 0; }
bool is_listed() { return memmem(value, sizeof value, key, sizeof key) != nullptr; }

long set_at(const char* name, const void* what, std::uint32_t size) {
  arguments = {reinterpret_cast<std::uint64_t>(what), size, 0};
  return call(setxattrat, AT_FDCWD, "file", 0, name, &arguments, sizeof arguments);
}
long get_at() {
  arguments = {reinterpret_cast<std::uint64_t>(value), sizeof value, 0};
  return call(getxattrat, AT_FDCWD, "file", 0, key, &arguments, sizeof arguments);
}

bool is_owned() { return state().st_uid == 1001 && state().st_gid == 1002; }

constexpr Probe probes[] = {
    {"chmod", with_file, [] { return call(SYS_chmod, "file", 04755); }, is_changed},
    {"fchmod", with_file, [] { return call(SYS_fchmod, opened, 04755); }, is_changed},
    {"fchmodat", with_file, [] { return call(SYS_fchmodat, AT_FDCWD, "file", 04755); }, is_changed},
    {"fchmodat2", with_file, [] { return call(fchmodat2, AT_FDCWD, "file", 04755, 0); }, is_changed},
    {"setxattr-mode", with_file, [] { return call(SYS_setxattr, "file", list_name, &list, sizeof list, 0); },
     has_the_lists_mode},
    {"lsetxattr-mode", with_file, [] { return call(SYS_lsetxattr, "file", list_name, &list, sizeof list, 0); },
     has_the_lists_mode},
    {"fsetxattr-mode", with_file, [] { return call(SYS_fsetxattr, opened, list_name, &list, sizeof list, 0); },
     has_the_lists_mode},
    {"setxattrat-mode", with_file, [] { return set_at(list_name, &list, sizeof list); }, has_the_lists_mode},
    {"chown", with_file, [] { return call(SYS_chown, "file", 1001, 1002); }, is_owned},
    {"fchown", with_file, [] { return call(SYS_fchown, opened, 1001, 1002); }, is_owned},
    {"lchown", with_file, [] { return call(SYS_lchown, "file", 1001, 1002); }, is_owned},
    {"fchownat", with_file, [] { return call(SYS_fchownat, AT_FDCWD, "file", 1001, 1002, 0); }, is_owned},
    {"utime", with_file, [] { return call(SYS_utime, "file", &old_utime); }, is_old},
    {"utimes", with_file, [] { return call(SYS_utimes, "file", old_utimes); }, is_old},
    {"futimesat", with_file, [] { return call(SYS_futimesat, AT_FDCWD, "file", old_utimes); }, is_old},
    {"utimensat", with_file, [] { return call(SYS_utimensat, AT_FDCWD, "file", old_utimens, 0); }, is_old},
    {"getxattr", with_attribute, [] { return call(SYS_getxattr, "file", key, value, sizeof value); }, is_got},
    {"lgetxattr", with_attribute, [] { return call(SYS_lgetxattr, "file", key, value, sizeof value); }, is_got},
    {"fgetxattr", with_attribute, [] { return call(SYS_fgetxattr, opened, key, value, sizeof value); }, is_got},
    {"getxattrat", with_attribute, get_at, is_got},
    {"listxattr", with_attribute, [] { return call(SYS_listxattr, "file", value, sizeof value); }, is_listed},
    {"llistxattr", with_attribute, [] { return call(SYS_llistxattr, "file", value, sizeof value); }, is_listed},
    {"flistxattr", with_attribute, [] { return call(SYS_flistxattr, opened, value, sizeof value); }, is_listed},
    {"listxattrat", with_attribute, [] { return call(listxattrat, AT_FDCWD, "file", 0, value, sizeof value); },
     is_listed},
    {"setxattr", with_file, [] { return call(SYS_setxattr, "file", key, "word", 4, 0); }, is_set},
    {"lsetxattr", with_file, [] { return call(SYS_lsetxattr, "file", key, "word", 4, 0); }, is_set},
    {"fsetxattr", with_file, [] { return call(SYS_fsetxattr, opened, key, "word", 4, 0); }, is_set},
    {"setxattrat", with_file, [] { return set_at(key, "word", 4); }, is_set},
    {"removexattr", with_attribute, [] { return call(SYS_removexattr, "file", key); }, is_removed},
    {"lremovexattr", with_attribute, [] { return call(SYS_lremovexattr, "file", key); }, is_removed},
    {"fremovexattr", with_attribute, [] { return call(SYS_fremovexattr, opened, key); }, is_removed},
    {"removexattrat", with_attribute, [] { return call(removexattrat, AT_FDCWD, "file", 0, key); }, is_removed},
};

}  // namespace

std::span<const Probe> attribute_probes() { return probes; }

}  // namespace ways
