#include "sandbox/host.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

namespace polc::sandbox {
namespace {

constexpr unsigned version_query = 1, errata_query = 2;  // LANDLOCK_CREATE_RULESET_VERSION, _ERRATA

std::string first_line_of(const Kernel& kernel, const char* path) {
  const long file = retried(kernel, SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return {};
  char text[512];
  const long got = retried(kernel, SYS_read, file, text, sizeof text);
  (void)kernel(SYS_close, file);
  const std::string all(text, got > 0 ? static_cast<std::size_t>(got) : 0);
  return all.substr(0, all.find('\n'));
}

}  // namespace

Host host_of(const Kernel& kernel) {
  Host host;
  utsname names{};
  if (kernel(SYS_uname, &names) >= 0) host.release = names.release, host.machine = names.machine;
  const long abi = kernel(SYS_landlock_create_ruleset, nullptr, 0, version_query);
  if (abi > 0) host.landlock_abi = static_cast<unsigned>(abi);
  else host.landlock_error = static_cast<int>(-abi);
  const long errata = kernel(SYS_landlock_create_ruleset, nullptr, 0, errata_query);
  if (errata > 0) host.landlock_errata = static_cast<unsigned>(errata);
  std::uint64_t files[2]{};
  if (kernel(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, files) >= 0) host.hard_nofile = files[1];
  host.seccomp_actions = first_line_of(kernel, "/proc/sys/kernel/seccomp/actions_avail");
  return host;
}

std::string missing_landlock_words(int error) {
  switch (error) {
    case ENOSYS: return "Landlock is not built into this kernel";
    case EOPNOTSUPP: return "Landlock is built into this kernel, but not in force; add landlock to the boot parameter lsm=";
    case EPERM:
    case EACCES: return "Landlock is refused here, by a filter around this process (a container's?)";
    default: return std::string("Landlock does not answer: ") + std::strerror(error);
  }
}

}  // namespace polc::sandbox
