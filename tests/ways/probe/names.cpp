// Names that are removed, changed and added, and the folder and root that names begin in.
#include <fcntl.h>
#include <sys/stat.h>

#include "probe.hpp"

namespace ways {
namespace {

int opened = -1;

bool exists(const char* name) {
  struct stat seen {};
  return lstat(name, &seen) == 0;
}
void with_file() { make_file("old"); }
void with_folder() { must(mkdir("old", 0700), "mkdir"); }
void with_two() {
  make_file("old");
  make_file("new", "longer");
}
bool is_gone() { return !exists("old"); }
/// A device stays where the file was.
bool leaves_a_device() {
  struct stat seen {};
  return exists("new") && lstat("old", &seen) == 0 && S_ISCHR(seen.st_mode);
}
bool is_renamed() { return !exists("old") && exists("new"); }
bool is_exchanged() {
  struct stat seen {};
  return exists("old") && stat("new", &seen) == 0 && seen.st_size == 5;
}
bool is_linked() {
  struct stat seen {};
  return stat("new", &seen) == 0 && seen.st_nlink == 2;
}

void with_open_folder() {
  with_folder();
  make_file("old/inside");
  opened = static_cast<int>(must(open("old", O_PATH | O_DIRECTORY | O_CLOEXEC), "old"));
}
bool is_inside() { return exists("inside"); }
bool root_is_inside() { return exists("/inside"); }

constexpr unsigned exchange = 2, whiteout = 4;  // RENAME_EXCHANGE, RENAME_WHITEOUT
constexpr Probe probes[] = {
    {"unlink", with_file, [] { return call(SYS_unlink, "old"); }, is_gone},
    {"unlinkat", with_file, [] { return call(SYS_unlinkat, AT_FDCWD, "old", 0); }, is_gone},
    {"rmdir", with_folder, [] { return call(SYS_rmdir, "old"); }, is_gone},
    {"unlinkat-folder", with_folder, [] { return call(SYS_unlinkat, AT_FDCWD, "old", AT_REMOVEDIR); }, is_gone},
    {"rename", with_file, [] { return call(SYS_rename, "old", "new"); }, is_renamed},
    {"renameat", with_file, [] { return call(SYS_renameat, AT_FDCWD, "old", AT_FDCWD, "new"); }, is_renamed},
    {"renameat2", with_file, [] { return call(SYS_renameat2, AT_FDCWD, "old", AT_FDCWD, "new", 1); }, is_renamed},
    {"renameat2-exchange", with_two, [] { return call(SYS_renameat2, AT_FDCWD, "old", AT_FDCWD, "new", exchange); },
     is_exchanged},
    {"renameat2-whiteout", with_file, [] { return call(SYS_renameat2, AT_FDCWD, "old", AT_FDCWD, "new", whiteout); },
     leaves_a_device},
    {"link", with_file, [] { return call(SYS_link, "old", "new"); }, is_linked},
    {"linkat", with_file, [] { return call(SYS_linkat, AT_FDCWD, "old", AT_FDCWD, "new", 0); }, is_linked},
    {"chdir", with_open_folder, [] { return call(SYS_chdir, "old"); }, is_inside},
    {"fchdir", with_open_folder, [] { return call(SYS_fchdir, opened); }, is_inside},
    {"chroot", with_open_folder, [] { return call(SYS_chroot, "old"); }, root_is_inside},
};

}  // namespace

std::span<const Probe> name_probes() { return probes; }

}  // namespace ways
