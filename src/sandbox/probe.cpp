#include "sandbox/probe.hpp"

#include <cerrno>
#include <cstring>
#include <functional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "knowledge/landlock.hpp"
#include "sandbox/host.hpp"
#include "support/file_system.hpp"

namespace polc::sandbox {
namespace {

constexpr std::uint64_t largest = 64 << 10;

/// The first line of a file of the kernel's; empty: it cannot be read.
std::string line_of(const std::string& path) {
  const auto text = read_file(path, largest);
  return text ? text->substr(0, text->find('\n')) : std::string();
}

/// What an attempt in a child ends with, as an errno; -1: it ended otherwise.
int attempt(const std::function<int()>& act) {
  const pid_t child = ::fork();
  if (child < 0) return -1;
  if (child == 0) {
    ::alarm(5);
    ::_exit(act());
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A domain that may connect to no port, and a message that connects without saying so. Nobody listens on tcpmux, on loopback.
int fast_open() {
  const std::uint64_t attributes[3] = {0, knowledge::landlock::connect_tcp, 0};
  const long layer = ::syscall(SYS_landlock_create_ruleset, attributes, sizeof attributes, 0);
  if (layer < 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::syscall(SYS_landlock_restrict_self, layer, 0) != 0) return ENOSYS;
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(1);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (made < 0) return ENOSYS;
  return ::sendto(made, "x", 1, MSG_FASTOPEN, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ? errno : 0;
}

Found landlock(const Host& host) {
  if (host.landlock_abi == 0) return {"landlock", State::absent, missing_landlock_words(host.landlock_error)};
  const std::string detail = "ABI " + std::to_string(host.landlock_abi) + " (Linux " + std::string(knowledge::linux_of_landlock(std::min(host.landlock_abi, knowledge::newest_landlock_abi))) +
                             "), errata " + std::to_string(host.landlock_errata);
  return {"landlock", host.landlock_abi >= 6 ? State::enforced : State::partial, detail};
}

Found fast_open_hole(const Host& host) {
  if (host.landlock_abi < 4) return {"landlock_fast_open", State::absent, "ports are looked at from ABI 4 on"};
  switch (attempt(fast_open)) {
    case EACCES: return {"landlock_fast_open", State::enforced, "sendto(MSG_FASTOPEN) asks for the right to connect"};
    case ECONNREFUSED:
    case EINPROGRESS: return {"landlock_fast_open", State::partial, "sendto(MSG_FASTOPEN) connects past Landlock's ports (fixed in Linux 7.2): a filter has to refuse it"};
    default: return {"landlock_fast_open", State::unknown, "the attempt ended otherwise"};
  }
}

Found seccomp(const Host& host) {
  if (host.seccomp_actions.empty()) return {"seccomp", State::absent, "there is no /proc/sys/kernel/seccomp/actions_avail"};
  for (const char* word : {"kill_process", "errno", "log", "allow"})
    if (host.seccomp_actions.find(word) == std::string::npos) return {"seccomp", State::partial, std::string("without ") + word + ": " + host.seccomp_actions};
  return {"seccomp", State::enforced, host.seccomp_actions};
}

Found no_new_privs() {
  const auto set = [] { return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1; };
  return {"no_new_privs", attempt(set) == 0 ? State::enforced : State::absent, ""};
}

Found user_namespaces() {
  const int error = attempt([] { return ::unshare(CLONE_NEWUSER) == 0 ? 0 : errno; });
  if (error == 0) return {"user_namespaces", State::enforced, ::geteuid() == 0 ? "made (as root)" : "made without a right"};
  return {"user_namespaces", error < 0 ? State::unknown : State::absent, error < 0 ? "" : std::strerror(error)};
}

/// A switch of the kernel's: `good` says that it protects.
Found sysctl(const std::string& name, const std::string& path, std::string_view good, const std::string& detail) {
  const std::string value = line_of("/proc/sys/" + path);
  if (value.empty()) return {name, State::unknown, path + " cannot be read"};
  return {name, value == good ? State::enforced : State::absent, detail + ": " + value};
}

Found modules() {
  const std::string list = line_of("/sys/kernel/security/lsm");
  return {"security_modules", list.empty() ? State::unknown : State::enforced, list.empty() ? "/sys/kernel/security/lsm cannot be read" : list};
}

Found apparmor() {
  const std::string enabled = line_of("/sys/module/apparmor/parameters/enabled");
  return {"apparmor", enabled == "Y" ? State::enforced : State::absent, enabled == "Y" ? "the module is on" : "no profile holds here"};
}

Found service_manager() {
  const std::string name = line_of("/proc/1/comm");
  return {"service_manager", name.empty() ? State::unknown : name == "systemd" ? State::enforced : State::absent, "process 1 is " + (name.empty() ? "unknown" : name)};
}

}  // namespace

std::vector<Found> probe_host() {
  const Host host = host_of(Kernel());
  return {{"linux", host.release.empty() ? State::unknown : State::enforced, host.release},
          landlock(host),
          fast_open_hole(host),
          seccomp(host),
          no_new_privs(),
          user_namespaces(),
          modules(),
          apparmor(),
          service_manager(),
          sysctl("ptrace_scope", "kernel/yama/ptrace_scope", "1", "1: only descendants are traced"),
          sysctl("terminal_input", "dev/tty/legacy_tiocsti", "0", "0: nobody types for others by TIOCSTI"),
          {"descriptors", State::enforced, "the hard limit is " + std::to_string(host.hard_nofile)}};
}

}  // namespace polc::sandbox
