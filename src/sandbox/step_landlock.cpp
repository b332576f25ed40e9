// Landlock's layer, and whether it holds: some access that it refuses is tried before and after, in the process that will be the
// program. A kernel that says yes and does nothing is noticed so.
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "knowledge/landlock.hpp"
#include "sandbox/steps.hpp"

namespace polc::sandbox {
namespace {

namespace right = knowledge::landlock;

// include/uapi/linux/landlock.h, written down since distributions' headers are older than kernels. A tail of zeros is taken by
// every release, whatever it knows of it.
struct Attributes {
  std::uint64_t files = 0, net = 0, scoped = 0, rest[5] = {};
};
struct __attribute__((packed)) PathBeneath {
  std::uint64_t allowed = 0;
  std::int32_t parent = -1;
};
struct NetPort {
  std::uint64_t allowed = 0, port = 0;
};
constexpr int rule_path = 1, rule_port = 2;

std::string quoted(std::string_view path) { return "`" + std::string(path) + "`"; }

bool is_within(std::string_view path, std::string_view folder) {
  return folder == "/" || path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

// ---- what can be tried

class Trial {
 public:
  Trial(const Starting& start, const Rules& rules) : start_(start), kernel_(start.kernel), rules_(rules) {}

  /// Before the layer: only what works now shows later that it does not.
  Outcome prepare() {
    for (const char* path : {"/", "/etc", "/tmp", "/usr"}) {
      if (folder_ != nullptr || !refuses_listing(path)) continue;
      const long got = list(path);
      if (got >= 0) folder_ = path;
      else if (!is_no_candidate(got)) return failed("try Landlock: open `" + std::string(path) + "`", got);
    }
    port_ = refused_port();
    if (port_)
      if (auto failure = make_socket(AF_INET, SOCK_STREAM, tcp_)) return failure;
    return (rules_.scoped & right::abstract_unix_socket) != 0 ? bind_name() : std::nullopt;
  }

  Outcome confirm(std::string& words) {
    const auto tried = [&](const std::string& what, long got, int refused, std::string_view name) -> Outcome {
      if (got != -refused) return Failure{"confirm Landlock: after restrict_self " + what + " is not refused", got < 0 ? static_cast<int>(-got) : 0};
      words += (words.empty() ? "" : ", ") + what + " " + std::string(name);
      return std::nullopt;
    };
    if (folder_ != nullptr)
      if (auto failure = tried("open \"" + std::string(folder_) + "\"", list(folder_), EACCES, "EACCES")) return failure;
    if (tcp_ >= 0)
      if (auto failure = tried("bind tcp 127.0.0.1:" + std::to_string(*port_), bind_port(), EACCES, "EACCES")) return failure;
    if (client_ >= 0)
      if (auto failure = tried("connect to an abstract name outside", connect_name(), EPERM, "EPERM")) return failure;
    for (const int socket : {tcp_, client_, server_})
      if (socket >= 0) (void)kernel_(SYS_close, socket);
    return std::nullopt;
  }

 private:
  // A link, somebody else's, or not there.
  static bool is_no_candidate(long got) { return got == -EACCES || got == -ENOENT || got == -ELOOP || got == -ENOTDIR; }

  bool refuses_listing(std::string_view path) const {
    if ((rules_.files & right::read_dir) == 0) return false;
    return std::none_of(start_.rules.begin(), start_.rules.end(), [&](const RuleInForce& one) { return (one.rights & right::read_dir) != 0 && is_within(path, one.rule->path); });
  }

  long list(const char* path) const {
    const long got = retried(kernel_, SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (got >= 0) (void)kernel_(SYS_close, got);
    return got;
  }

  std::optional<std::uint16_t> refused_port() const {
    if ((rules_.net & right::bind_tcp) == 0) return std::nullopt;
    for (unsigned port = 1025; port < 65536; ++port) {
      const auto grants = [&](const PortRule& rule) { return (rule.rights & right::bind_tcp) != 0 && rule.low <= port && port <= rule.high; };
      if (std::none_of(rules_.ports.begin(), rules_.ports.end(), grants)) return static_cast<std::uint16_t>(port);
    }
    return std::nullopt;
  }

  // A system without that family has nothing to try.
  Outcome make_socket(int family, int type, int& made) const {
    const long got = kernel_(SYS_socket, family, type | SOCK_CLOEXEC, 0);
    if (got >= 0) made = static_cast<int>(got);
    return got < 0 && got != -EAFNOSUPPORT ? failed("try Landlock: make a socket", got) : std::nullopt;
  }

  long bind_port() const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(*port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return kernel_(SYS_bind, tcp_, &address, sizeof address);
  }

  // Any name that is free: the kernel chooses one for an address without a path. It is connected to only later, for Landlock looks
  // at no peer that a socket has already.
  Outcome bind_name() {
    if (auto failure = make_socket(AF_UNIX, SOCK_DGRAM, server_)) return failure;
    if (server_ < 0) return std::nullopt;
    if (auto failure = make_socket(AF_UNIX, SOCK_DGRAM, client_)) return failure;
    name_.sun_family = AF_UNIX;
    length_ = sizeof name_;
    long got = kernel_(SYS_bind, server_, &name_, sizeof name_.sun_family);
    if (got >= 0) got = kernel_(SYS_getsockname, server_, &name_, &length_);
    return got < 0 ? failed("try Landlock: bind an abstract name", got) : std::nullopt;
  }

  long connect_name() const { return kernel_(SYS_connect, client_, &name_, length_); }

  const Starting& start_;
  const Kernel& kernel_;
  const Rules& rules_;
  const char* folder_ = nullptr;
  std::optional<std::uint16_t> port_;
  int tcp_ = -1, server_ = -1, client_ = -1;
  sockaddr_un name_{};
  socklen_t length_ = 0;
};

// ---- the layer

long add_path(const Kernel& kernel, int layer, int descriptor, std::uint64_t rights) {
  const PathBeneath rule{rights, descriptor};
  return rights == 0 ? 0 : kernel(SYS_landlock_add_rule, layer, rule_path, &rule, 0);
}

// What is executed, and read to be executed, by what it is and not by name.
Outcome add_program(Starting& start) {
  const std::uint64_t handled = start.plan.rules->files;
  std::vector<std::pair<int, std::uint64_t>> needed{{start.program, right::execute | right::read_file}};
  if (start.interpreter >= 0) needed.emplace_back(start.interpreter, right::execute | right::read_file);
  for (const int script : start.scripts) needed.emplace_back(script, right::read_file);
  for (const auto& [descriptor, rights] : needed)
    if (const long got = add_path(start.kernel, start.layer, descriptor, rights & handled); got < 0) return failed("add a rule on the program", got);
  return std::nullopt;
}

bool is_directory(const Kernel& kernel, int descriptor, Outcome& failure, std::string_view path) {
  struct stat found {};
  const long got = kernel(SYS_fstat, descriptor, &found);
  if (got < 0) failure = failed("look at " + quoted(path), got);
  return S_ISDIR(found.st_mode);
}

// Of rules the last name may be no link either, nor any before it: a path of a policy names the object itself.
long open_rule(const Kernel& kernel, const std::string& path) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS;
  return retried(kernel, SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
}

// A path that is not there, or is none of the kind that has rights, has no rule: there is nothing that it could be about.
Outcome add_path_rule(Starting& start, const PathRule& rule) {
  const long got = open_rule(start.kernel, rule.path);
  if (got == -ELOOP || got == -ENOENT || got == -ENOTDIR) {
    start.facts.skipped.push_back({rule.path, got == -ELOOP ? Skipped::Why::link : Skipped::Why::missing});
    return std::nullopt;
  }
  if (got < 0) return failed("open " + quoted(rule.path), got);
  Outcome failure;
  const std::uint64_t rights = is_directory(start.kernel, static_cast<int>(got), failure, rule.path) ? rule.directory : rule.file;
  if (failure) return failure;
  const long added = add_path(start.kernel, start.layer, static_cast<int>(got), rights);
  (void)start.kernel(SYS_close, got);
  if (added < 0) return failed("add a rule on " + quoted(rule.path), added);
  if (rights == 0) start.facts.skipped.push_back({rule.path, Skipped::Why::type});
  else start.rules.push_back({&rule, rights}), ++start.facts.paths;
  return std::nullopt;
}

Outcome add_port_rules(Starting& start) {
  for (const PortRule& rule : start.plan.rules->ports)
    for (unsigned port = rule.low; port <= rule.high; ++port) {
      const NetPort one{rule.rights, port};
      const long got = start.kernel(SYS_landlock_add_rule, start.layer, rule_port, &one, 0);
      if (got < 0) return failed("add a rule on port " + std::to_string(port), got);
    }
  return std::nullopt;
}

}  // namespace

// Of paths while we are who we are: afterwards they may be out of reach. Nothing is restricted yet.
Outcome make_rules(Starting& start) {
  if (!start.plan.rules) return std::nullopt;
  const Attributes attributes{start.plan.rules->files, start.plan.rules->net, start.plan.rules->scoped};
  const long made = start.kernel(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  if (made < 0) return failed("make Landlock's rules", made);
  start.layer = static_cast<int>(made);
  for (const PathRule& rule : start.plan.rules->paths)
    if (auto failure = add_path_rule(start, rule)) return failure;
  if (auto failure = add_port_rules(start)) return failure;
  return add_program(start);
}

Outcome restrict_by_landlock(Starting& start) {
  if (!start.plan.rules) return std::nullopt;
  Trial trial(start, *start.plan.rules);
  if (auto failure = trial.prepare()) return failure;
  const long got = start.kernel(SYS_landlock_restrict_self, start.layer, 0);
  if (got == -E2BIG) return Failure{"restrict by Landlock: this process is in 16 layers already", E2BIG};
  if (got < 0) return failed("restrict by Landlock", got);
  (void)start.kernel(SYS_close, start.layer);
  return trial.confirm(start.facts.landlock.words);
}

}  // namespace polc::sandbox
