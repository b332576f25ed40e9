// Mounts of a tmpfs, in the probe's own mount namespace.
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstring>
#include <string>

#include "probe.hpp"

// <sys/mount.h> of older libcs and <linux/mount.h> cannot stand in one file.
extern "C" int mount(const char*, const char*, const char*, unsigned long, const void*);

namespace ways {
namespace {

#ifndef SYS_mount_setattr
constexpr long SYS_mount_setattr = 442;
#endif
constexpr long open_tree_attr = 467;
constexpr unsigned create_exclusively = 8;  // FSCONFIG_CMD_CREATE_EXCL

int context = -1, detached = -1;
struct stat before {};
mount_attr read_only{MOUNT_ATTR_RDONLY, 0, 0, 0};

void folder() {
  must(mkdir("place", 0755), "mkdir");
  must(stat("place", &before), "stat");
}
bool is_covered() {
  struct stat now {};
  return stat("place", &now) == 0 && now.st_dev != before.st_dev;
}
bool is_uncovered() {
  struct stat now {};
  return stat("place", &now) == 0 && now.st_dev == before.st_dev && now.st_ino == before.st_ino;
}
void mounted() {
  folder();
  must(::mount("inner", "place", "tmpfs", 0, nullptr), "mount");
}

void opened() {
  folder();
  context = static_cast<int>(must(call(SYS_fsopen, "tmpfs", 0), "fsopen"));
}
void configured() {
  opened();
  must(call(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0), "fsconfig");
}
void picked() {
  mounted();
  context = static_cast<int>(must(call(SYS_fspick, AT_FDCWD, "place", 0), "fspick"));
}
long detach() { return kept(detached, call(SYS_fsmount, context, 0, 0)); }
void ready_to_move() {
  configured();
  must(detach(), "fsmount");
}
bool is_usable() { return detached >= 0 && openat(detached, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0; }
bool becomes_a_mount() { return detach() >= 0 && is_usable(); }

bool is_read_only(int file) {
  struct statvfs seen {};
  return fstatvfs(file, &seen) == 0 && (seen.f_flag & ST_RDONLY) != 0;
}
bool is_read_only() {
  const int file = open("place", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const bool is = is_read_only(file);
  close(file);
  return is;
}

long tree(unsigned flags) { return kept(detached, call(SYS_open_tree, AT_FDCWD, "place", flags)); }
bool is_detached() { return is_usable() && access("place/file", F_OK) == 0; }
long tree_with_attributes(unsigned flags) {
  return kept(detached, call(open_tree_attr, AT_FDCWD, "place", flags, &read_only, sizeof read_only));
}

void new_root() {
  mounted();
  must(mkdir("place/old", 0755), "mkdir");
}
void stand_in_old_root() {
  new_root();
  must(chdir("/"), "chdir");
}
bool has_new_root() { return access("/old/proc", F_OK) == 0; }

constexpr Probe probes[] = {
    {"mount", folder, [] { return call(SYS_mount, "inner", "place", "tmpfs", 0, nullptr); }, is_covered},
    {"mount-bind", folder, [] { return call(SYS_mount, "/proc", "place", nullptr, 4096, nullptr); }, is_covered},
    {"mount-remount", mounted, [] { return call(SYS_mount, "none", "place", nullptr, 32 | 1, nullptr); },
     [] { return is_read_only(); }},
    {"fsconfig-create", opened, [] { return call(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0); },
     becomes_a_mount},
    {"fsconfig-create-excl", opened, [] { return call(SYS_fsconfig, context, create_exclusively, 0, 0, 0); },
     becomes_a_mount},
    {"fsconfig-reconfigure", picked, [] { return call(SYS_fsconfig, context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0); },
     nullptr},
    {"fsmount", configured, detach, is_usable},
    {"move_mount", ready_to_move,
     [] { return call(SYS_move_mount, detached, "", AT_FDCWD, "place", MOVE_MOUNT_F_EMPTY_PATH); }, is_covered},
    {"open_tree-clone", mounted, [] { return tree(OPEN_TREE_CLONE); }, is_detached},
    {"open_tree_attr-clone", mounted, [] { return tree_with_attributes(OPEN_TREE_CLONE); },
     [] { return is_read_only(detached) && !is_read_only(); }},
    {"open_tree_attr", mounted, [] { return tree_with_attributes(0); }, [] { return is_read_only(); }},
    {"mount_setattr", mounted,
     [] { return call(SYS_mount_setattr, AT_FDCWD, "place", 0, &read_only, sizeof read_only); },
     [] { return is_read_only(); }},
    {"umount2", mounted, [] { return call(SYS_umount2, "place", 0); }, is_uncovered},
    {"pivot_root", new_root, [] { return call(SYS_pivot_root, "place", "place/old"); }, has_new_root},
    {"pivot_root-folder", stand_in_old_root, [] { return call(SYS_pivot_root, "/tmp/place", "/tmp/place/old"); },
     [] { return access("old/proc", F_OK) == 0; }},
    {"open_tree-namespace", mounted, [] { return tree(2); }, nullptr},
    {"fsmount-namespace", configured, [] { return kept(detached, call(SYS_fsmount, context, 2, 0)); }, nullptr},
    {"open_tree-path", mounted, [] { return tree(0); }, nullptr},
};

}  // namespace

std::span<const Probe> mount_probes() { return probes; }

}  // namespace ways
