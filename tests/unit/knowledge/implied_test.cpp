#include "knowledge/implied.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

using namespace polc;
using knowledge::ArgumentTest;
using knowledge::CallPattern;

namespace {

constexpr Os every_os[] = {Os::linux_os, Os::openbsd, Os::freebsd};

std::uint64_t number(std::string_view name, Os os = Os::linux_os) {
  const auto value = knowledge::find_constant(os, name);
  REQUIRE_MESSAGE(value, name);
  return *value;
}

std::set<std::string> names_of(Os os, const std::vector<CallPattern>& patterns) {
  std::set<std::string> names;
  for (const CallPattern& pattern : patterns) names.emplace(knowledge::call_of(os, pattern.call).name);
  return names;
}

using Names = std::set<std::string>;
using Arguments = std::vector<std::uint64_t>;

bool holds(const ArgumentTest& test, const Arguments& arguments) {
  return ((arguments.at(test.argument) & test.mask) == test.value) == test.equal;
}

/// Is this concrete call among the patterns?
bool permits(Os os, const std::vector<CallPattern>& patterns, std::string_view call, Arguments arguments) {
  arguments.resize(6);
  return std::any_of(patterns.begin(), patterns.end(), [&](const CallPattern& pattern) {
    return knowledge::call_of(os, pattern.call).name == call &&
           std::all_of(pattern.tests.begin(), pattern.tests.end(),
                       [&](const ArgumentTest& t) { return holds(t, arguments); });
  });
}

bool file_permits(FileVerb verb, FileType type, std::string_view call, Arguments arguments) {
  return permits(Os::linux_os, knowledge::calls_for_file(Os::linux_os, verb, type), call, std::move(arguments));
}

bool class_permits(std::string_view klass, std::string_view member, std::string_view call, Arguments arguments) {
  return permits(Os::linux_os, knowledge::calls_named(Os::linux_os, klass, member), call, std::move(arguments));
}

/// Every pattern that this module can give for an OS.
std::vector<CallPattern> every_pattern(Os os) {
  std::vector<CallPattern> all;
  const auto add = [&](const std::vector<CallPattern>& more) { all.insert(all.end(), more.begin(), more.end()); };
  for (unsigned v = 0; v < count_of(FileVerb{}); ++v)
    for (unsigned t = 0; t < count_of(FileType{}); ++t)
      add(knowledge::calls_for_file(os, static_cast<FileVerb>(v), static_cast<FileType>(t)));
  for (unsigned v = 0; v < count_of(NetVerb{}); ++v)
    add(knowledge::calls_for_net(os, static_cast<NetVerb>(v), Family::inet));
  for (std::uint64_t c = 0; c <= 40; ++c) add(knowledge::calls_for_capability(os, c));
  for (const std::string_view klass : {"fork", "thread", "socketpair", "memory", "namespace", "time", "mount", "ipc"})
    for (const std::string_view member : knowledge::members_of(klass)) add(knowledge::calls_named(os, klass, member));
  add(knowledge::calls_for_setuid(os));
  add(knowledge::calls_for_setgid(os));
  add(knowledge::calls_for_signal(os));
  add(knowledge::calls_for_ptrace(os));
  for (unsigned f = 0; f < count_of(Family{}); ++f)
    for (unsigned t = 0; t < count_of(SocketType{}); ++t)
      all.push_back(knowledge::socket_call(os, static_cast<Family>(f), static_cast<SocketType>(t), 0));
  return all;
}

}  // namespace

TEST_CASE("implied_file_verbs: the table of the language, closed under itself") {
  std::set<std::pair<FileVerb, FileVerb>> pairs;
  for (const auto& entry : knowledge::implied_file_verbs()) pairs.emplace(entry.of, entry.also);
  const std::set<std::pair<FileVerb, FileVerb>> expected{{FileVerb::read, FileVerb::stat},
                                                         {FileVerb::write, FileVerb::append},
                                                         {FileVerb::exec, FileVerb::read},
                                                         {FileVerb::exec, FileVerb::map},
                                                         {FileVerb::exec, FileVerb::stat}};
  CHECK(pairs == expected);
  for (const auto& [of, also] : pairs)
    for (const auto& [from, to] : pairs)
      if (from == also) CHECK(pairs.contains({of, to}));
}

TEST_CASE("every row of the tables names known calls, arguments and constants, and tests bits that its mask keeps") {
  for (const Os os : every_os) {
    const auto patterns = every_pattern(os);
    CHECK(patterns.size() > 100);
    for (const CallPattern& pattern : patterns) {
      const auto& call = knowledge::call_of(os, pattern.call);
      CAPTURE(call.name);
      for (const ArgumentTest& test : pattern.tests) {
        REQUIRE(test.argument < call.arguments.size());
        CHECK((test.value & ~test.mask) == 0);
        CHECK_FALSE(call.arguments[test.argument].is_pointer);
        if (call.arguments[test.argument].width == 32) CHECK((test.mask >> 32) == 0);
      }
    }
  }
}

TEST_CASE("calls whose arguments lie in memory are never implied") {
  const Names forbidden{"clone3",     "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register",
                        "socketcall", "ipc",     "mount_setattr",  "setxattrat",     "getxattrat"};
  for (const std::string& name : names_of(Os::linux_os, every_pattern(Os::linux_os)))
    CHECK_MESSAGE(!forbidden.contains(name), name);
  const Names on_openbsd = names_of(Os::openbsd, every_pattern(Os::openbsd));
  CHECK_FALSE(on_openbsd.contains("sendmsg"));
  CHECK_FALSE(on_openbsd.contains("recvmsg"));
}

TEST_CASE("read: opens that only read; a dir is listed, a symlink read by its own call") {
  const std::uint64_t cloexec = number("O_CLOEXEC");
  CHECK(file_permits(FileVerb::read, FileType::file, "openat", {0, 0, cloexec}));
  CHECK(file_permits(FileVerb::read, FileType::fifo, "open", {0, 0}));
  CHECK_FALSE(file_permits(FileVerb::read, FileType::file, "openat", {0, 0, number("O_WRONLY")}));
  CHECK_FALSE(file_permits(FileVerb::read, FileType::file, "openat", {0, 0, number("O_RDWR")}));
  CHECK_FALSE(file_permits(FileVerb::read, FileType::file, "openat", {0, 0, number("O_CREAT")}));
  CHECK_FALSE(file_permits(FileVerb::read, FileType::file, "openat", {0, 0, number("O_TRUNC")}));
  CHECK_FALSE(file_permits(FileVerb::read, FileType::file, "getdents64", {}));
  CHECK(file_permits(FileVerb::read, FileType::dir, "getdents64", {}));
  CHECK(file_permits(FileVerb::read, FileType::symlink, "readlinkat", {}));
  CHECK_FALSE(file_permits(FileVerb::read, FileType::symlink, "openat", {}));
  CHECK(knowledge::calls_for_file(Os::linux_os, FileVerb::read, FileType::socket).empty());
}

TEST_CASE("write and append: neither creates nor truncates, append insists on O_APPEND") {
  const std::uint64_t wronly = number("O_WRONLY"), append = number("O_APPEND"), creat = number("O_CREAT");
  CHECK(file_permits(FileVerb::write, FileType::file, "openat", {0, 0, wronly}));
  CHECK(file_permits(FileVerb::write, FileType::file, "open", {0, number("O_RDWR") | append}));
  CHECK_FALSE(file_permits(FileVerb::write, FileType::file, "openat", {0, 0, 0}));
  CHECK_FALSE(file_permits(FileVerb::write, FileType::file, "openat", {0, 0, wronly | creat}));
  CHECK_FALSE(file_permits(FileVerb::write, FileType::file, "openat", {0, 0, wronly | number("O_TRUNC")}));
  CHECK_FALSE(file_permits(FileVerb::write, FileType::file, "openat", {0, 0, wronly | number("O_TMPFILE")}));
  CHECK(file_permits(FileVerb::append, FileType::file, "openat", {0, 0, wronly | append}));
  CHECK_FALSE(file_permits(FileVerb::append, FileType::file, "openat", {0, 0, wronly}));
  CHECK(knowledge::calls_for_file(Os::linux_os, FileVerb::write, FileType::dir).empty());
}

TEST_CASE("the high half of a 32-bit argument does not count") {
  constexpr std::uint64_t high = 0xdead'beef'0000'0000;
  CHECK(file_permits(FileVerb::read, FileType::file, "openat", {0, 0, high}));
  CHECK(file_permits(FileVerb::remove, FileType::file, "unlinkat", {0, 0, high}));
}

TEST_CASE("create: the call depends on the type; truncating needs truncate") {
  const std::uint64_t creat = number("O_CREAT"), trunc = number("O_TRUNC");
  CHECK(file_permits(FileVerb::create, FileType::file, "openat", {0, 0, creat | number("O_RDWR") | number("O_EXCL")}));
  CHECK_FALSE(file_permits(FileVerb::create, FileType::file, "openat", {0, 0, creat | trunc}));
  CHECK_FALSE(file_permits(FileVerb::create, FileType::file, "openat", {0, 0, 0}));
  CHECK(file_permits(FileVerb::truncate, FileType::file, "openat", {0, 0, creat | trunc}));
  CHECK(file_permits(FileVerb::create, FileType::file, "creat", {}));
  CHECK(file_permits(FileVerb::create, FileType::dir, "mkdirat", {}));
  CHECK_FALSE(file_permits(FileVerb::create, FileType::dir, "openat", {0, 0, creat}));
  CHECK(file_permits(FileVerb::create, FileType::symlink, "symlink", {}));
  CHECK(file_permits(FileVerb::create, FileType::fifo, "mknod", {0, number("S_IFIFO") | 0600}));
  CHECK_FALSE(file_permits(FileVerb::create, FileType::fifo, "mknod", {0, number("S_IFCHR") | 0600}));
  CHECK(file_permits(FileVerb::create, FileType::blockdev, "mknodat", {0, 0, number("S_IFBLK") | 0600}));
}

TEST_CASE("delete: unlinkat's flag tells a directory from the rest") {
  const std::uint64_t removedir = number("AT_REMOVEDIR");
  CHECK(file_permits(FileVerb::remove, FileType::socket, "unlinkat", {0, 0, 0}));
  CHECK_FALSE(file_permits(FileVerb::remove, FileType::file, "unlinkat", {0, 0, removedir}));
  CHECK(file_permits(FileVerb::remove, FileType::dir, "unlinkat", {0, 0, removedir}));
  CHECK_FALSE(file_permits(FileVerb::remove, FileType::dir, "unlink", {}));
}

TEST_CASE("the other file verbs of Linux: the families are complete") {
  const auto names = [](FileVerb verb) {
    return names_of(Os::linux_os, knowledge::calls_for_file(Os::linux_os, verb, FileType::file));
  };
  CHECK(names(FileVerb::rename) == Names{"rename", "renameat", "renameat2"});
  CHECK(names(FileVerb::link) == Names{"link", "linkat"});
  CHECK(names(FileVerb::chmod) == Names{"chmod", "fchmod", "fchmodat", "fchmodat2"});
  CHECK(names(FileVerb::exec) == Names{"execve", "execveat"});
  CHECK(names(FileVerb::truncate) == Names{"ftruncate", "ftruncate64", "open", "openat", "truncate", "truncate64"});
  CHECK(names(FileVerb::lock) == Names{"fcntl", "fcntl64", "flock"});
  CHECK(names(FileVerb::ioctl) == Names{"ioctl"});
  CHECK(names(FileVerb::xattr).size() == 12);
  for (const char* call :
       {"stat", "lstat", "fstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "statfs"})
    CHECK_MESSAGE(names(FileVerb::stat).contains(call), call);
  CHECK(names_of(Os::linux_os, knowledge::calls_for_file(Os::linux_os, FileVerb::chdir, FileType::dir)) ==
        Names{"chdir", "fchdir"});
  CHECK(names_of(Os::linux_os, knowledge::calls_for_file(Os::linux_os, FileVerb::chroot, FileType::dir)) ==
        Names{"chroot"});
  CHECK(file_permits(FileVerb::lock, FileType::file, "fcntl", {0, number("F_OFD_SETLKW")}));
  CHECK_FALSE(file_permits(FileVerb::lock, FileType::file, "fcntl", {0, number("F_SETOWN")}));
}

TEST_CASE("map: executable from a file; writable as well, or without a file, is memory's business") {
  const std::uint64_t rx = number("PROT_READ") | number("PROT_EXEC"), rwx = rx | number("PROT_WRITE");
  const std::uint64_t priv = number("MAP_PRIVATE"), anon = priv | number("MAP_ANONYMOUS");
  CHECK(file_permits(FileVerb::map, FileType::file, "mmap", {0, 0, rx, priv}));
  CHECK(file_permits(FileVerb::map, FileType::file, "mprotect", {0, 0, rx}));
  CHECK_FALSE(file_permits(FileVerb::map, FileType::file, "mmap", {0, 0, rwx, priv}));
  CHECK_FALSE(file_permits(FileVerb::map, FileType::file, "mmap", {0, 0, rx, anon}));
  CHECK_FALSE(file_permits(FileVerb::map, FileType::file, "mmap", {0, 0, 1, priv}));
  CHECK(class_permits("memory", "write_exec", "mmap", {0, 0, rwx, priv}));
  CHECK(class_permits("memory", "write_exec", "pkey_mprotect", {0, 0, rwx}));
  CHECK_FALSE(class_permits("memory", "write_exec", "mprotect", {0, 0, rx}));
  CHECK(class_permits("memory", "exec_anonymous", "mmap", {0, 0, rx, anon}));
  CHECK_FALSE(class_permits("memory", "exec_anonymous", "mmap", {0, 0, rx, priv}));
  // whose memory it is, mprotect does not say
  CHECK(class_permits("memory", "exec_anonymous", "mprotect", {0, 0, rx}));
  CHECK(class_permits("memory", "exec_anonymous", "pkey_mprotect", {0, 0, rx}));
  CHECK_FALSE(class_permits("memory", "exec_anonymous", "mprotect", {0, 0, 1}));
}

TEST_CASE("send: never with MSG_FASTOPEN, which connects") {
  const auto sends = knowledge::calls_for_net(Os::linux_os, NetVerb::send, Family::inet);
  const std::uint64_t fast = number("MSG_FASTOPEN"), quiet = number("MSG_NOSIGNAL");
  for (const std::string_view call : {"send", "sendto", "sendmmsg"}) {
    CHECK(permits(Os::linux_os, sends, call, {0, 0, 0, quiet}));
    CHECK_FALSE(permits(Os::linux_os, sends, call, {0, 0, 0, quiet | fast}));
  }
  CHECK(permits(Os::linux_os, sends, "sendmsg", {0, 0, quiet}));
  CHECK_FALSE(permits(Os::linux_os, sends, "sendmsg", {0, 0, fast}));
}

TEST_CASE("lock: fcntl64 on 32-bit architectures, in their numbers") {
  for (const Arch arch : {Arch::x86, Arch::arm}) {
    const auto locks = knowledge::calls_for_file(Os::linux_os, FileVerb::lock, FileType::file, arch);
    for (const std::uint64_t command : {5, 6, 7, 12, 13, 14, 36, 37, 38})
      CHECK(permits(Os::linux_os, locks, "fcntl64", {0, command}));
    CHECK_FALSE(permits(Os::linux_os, locks, "fcntl64", {0, number("F_SETFL")}));
  }
  const auto locks = knowledge::calls_for_file(Os::linux_os, FileVerb::lock, FileType::file, Arch::x86_64);
  CHECK_FALSE(names_of(Os::linux_os, locks).contains("fcntl64"));
}

TEST_CASE("calls_for_net: Linux") {
  const auto names = [](NetVerb verb) {
    return names_of(Os::linux_os, knowledge::calls_for_net(Os::linux_os, verb, Family::inet));
  };
  CHECK(names(NetVerb::connect) == Names{"connect"});
  CHECK(names(NetVerb::bind) == Names{"bind"});
  CHECK(names(NetVerb::listen) == Names{"listen"});
  CHECK(names(NetVerb::accept) == Names{"accept", "accept4"});
  CHECK(names(NetVerb::send) == Names{"send", "sendmmsg", "sendmsg", "sendto"});
  CHECK(names(NetVerb::receive) == Names{"recv", "recvfrom", "recvmmsg", "recvmmsg_time64", "recvmsg"});
}

TEST_CASE("fork makes a process, thread a thread, and neither a namespace") {
  const std::uint64_t vm = number("CLONE_VM"), thread = number("CLONE_THREAD"), user = number("CLONE_NEWUSER");
  const std::uint64_t sigchld = 17;
  CHECK(class_permits("fork", "", "fork", {}));
  CHECK(class_permits("fork", "", "clone", {number("CLONE_CHILD_SETTID") | number("CLONE_CHILD_CLEARTID") | sigchld}));
  CHECK(class_permits("fork", "", "clone", {vm | number("CLONE_VFORK") | sigchld}));
  CHECK_FALSE(class_permits("fork", "", "clone", {vm | sigchld}));
  CHECK_FALSE(class_permits("fork", "", "clone", {vm | thread}));
  CHECK_FALSE(class_permits("fork", "", "clone", {user | sigchld}));
  CHECK(class_permits("thread", "", "clone", {0x3d0f00}));  // what pthread_create asks for
  CHECK_FALSE(class_permits("thread", "", "clone", {0x3d0f00 | user}));
  CHECK_FALSE(class_permits("thread", "", "clone", {sigchld}));
}

TEST_CASE("namespace: each by its own flag, in unshare, clone and setns") {
  const std::uint64_t user = number("CLONE_NEWUSER"), net = number("CLONE_NEWNET");
  CHECK(class_permits("namespace", "user", "unshare", {user | net}));
  CHECK(class_permits("namespace", "user", "clone", {user}));
  CHECK(class_permits("namespace", "user", "setns", {3, user}));
  CHECK(class_permits("namespace", "user", "setns", {3, 0}));
  CHECK_FALSE(class_permits("namespace", "user", "unshare", {net}));
  CHECK_FALSE(class_permits("namespace", "user", "setns", {3, net}));
  CHECK_FALSE(class_permits("namespace", "time", "clone", {number("CLONE_NEWTIME")}));
  for (const std::string_view flag : {"CLONE_NEWUSER", "CLONE_NEWNS", "CLONE_NEWPID", "CLONE_NEWNET", "CLONE_NEWIPC",
                                      "CLONE_NEWUTS", "CLONE_NEWCGROUP", "CLONE_NEWTIME"})
    CHECK_MESSAGE(class_permits("namespace", "any", "unshare", {number(flag)}), flag);
  CHECK_FALSE(class_permits("namespace", "any", "unshare", {number("CLONE_FILES")}));
}

TEST_CASE("calls_named: `any` is all of a class, without repeats; an unknown class or member is nothing") {
  for (const std::string_view klass : {"memory", "namespace", "time", "mount", "ipc"}) {
    CAPTURE(klass);
    Names together;
    for (const std::string_view member : knowledge::members_of(klass)) {
      CAPTURE(member);
      const auto patterns = knowledge::calls_named(Os::linux_os, klass, member);
      CHECK_FALSE(patterns.empty());
      together.merge(names_of(Os::linux_os, patterns));
    }
    CHECK(names_of(Os::linux_os, knowledge::calls_named(Os::linux_os, klass, "any")) == together);
  }
  const auto any = knowledge::calls_named(Os::linux_os, "namespace", "any");
  const auto joins_any = std::count_if(any.begin(), any.end(), [](const CallPattern& p) {
    return knowledge::call_of(Os::linux_os, p.call).name == "setns" && p.tests.front().value == 0;
  });
  CHECK(joins_any == 1);
  CHECK(knowledge::calls_named(Os::linux_os, "memory", "sideways").empty());
  CHECK(knowledge::calls_named(Os::linux_os, "capability", "sys_chroot").empty());
  CHECK(knowledge::members_of("weather").empty());
  CHECK(knowledge::calls_named(Os::openbsd, "namespace", "user").empty());
}

TEST_CASE("time, mount, ipc, signal, ptrace: the calls of Linux") {
  const auto named = [](std::string_view klass, std::string_view member) {
    return names_of(Os::linux_os, knowledge::calls_named(Os::linux_os, klass, member));
  };
  CHECK(named("time", "set") == Names{"clock_settime", "clock_settime64", "settimeofday", "stime"});
  CHECK(named("time", "adjust") == Names{"adjtimex", "clock_adjtime", "clock_adjtime64"});
  CHECK(named("mount", "umount") == Names{"umount", "umount2"});
  CHECK(named("mount", "pivot") == Names{"pivot_root"});
  CHECK(named("ipc", "shm") == Names{"shmat", "shmctl", "shmdt", "shmget"});
  CHECK(named("ipc", "msg") == Names{"msgctl", "msgget", "msgrcv", "msgsnd"});
  CHECK(named("ipc", "mqueue").size() == 8);
  CHECK(names_of(Os::linux_os, knowledge::calls_for_signal(Os::linux_os)) ==
        Names{"kill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "tgkill", "tkill"});
  CHECK(names_of(Os::linux_os, knowledge::calls_for_ptrace(Os::linux_os)) ==
        Names{"kcmp", "pidfd_getfd", "process_vm_readv", "process_vm_writev", "ptrace"});
}

TEST_CASE("setuid and setgid: families on Linux, exactly one call each on OpenBSD") {
  CHECK(names_of(Os::linux_os, knowledge::calls_for_setuid(Os::linux_os)) ==
        Names{"setresuid", "setresuid32", "setreuid", "setreuid32", "setuid", "setuid32"});
  CHECK(names_of(Os::linux_os, knowledge::calls_for_setgid(Os::linux_os)).contains("setgroups"));
  CHECK(names_of(Os::openbsd, knowledge::calls_for_setuid(Os::openbsd)) == Names{"setuid"});
  CHECK(names_of(Os::openbsd, knowledge::calls_for_setgid(Os::openbsd)) == Names{"setgid"});
}

TEST_CASE("calls_for_capability: only capabilities that a call is nothing without") {
  const auto of = [](std::string_view name) {
    return names_of(Os::linux_os, knowledge::calls_for_capability(Os::linux_os, *knowledge::find_capability(name)));
  };
  CHECK(of("sys_chroot") == Names{"chroot"});
  CHECK(of("sys_module") == Names{"delete_module", "finit_module", "init_module"});
  CHECK(of("setuid").empty());
  CHECK(of("net_bind_service").empty());
  CHECK(knowledge::calls_for_capability(Os::linux_os, 99).empty());
  CHECK(knowledge::calls_for_capability(Os::openbsd, 18).empty());
}

TEST_CASE("socket_call: family, type without its flags, and protocol") {
  const std::vector<CallPattern> tcp{knowledge::socket_call(Os::linux_os, Family::inet, SocketType::stream, 6)};
  const std::uint64_t inet = number("AF_INET"), stream = number("SOCK_STREAM");
  CHECK(permits(Os::linux_os, tcp, "socket", {inet, stream, 6}));
  CHECK(permits(Os::linux_os, tcp, "socket", {inet, stream | number("SOCK_CLOEXEC") | number("SOCK_NONBLOCK"), 6}));
  CHECK_FALSE(permits(Os::linux_os, tcp, "socket", {inet, stream, 262}));
  CHECK_FALSE(permits(Os::linux_os, tcp, "socket", {inet, number("SOCK_DGRAM"), 6}));
  CHECK_FALSE(permits(Os::linux_os, tcp, "socket", {number("AF_INET6"), stream, 6}));
  for (const ArgumentTest& test : tcp.front().tests) CHECK((test.mask >> 32) == 0);

  const std::vector<CallPattern> any_protocol{knowledge::socket_call(Os::linux_os, Family::netlink, SocketType::raw)};
  CHECK(permits(Os::linux_os, any_protocol, "socket", {number("AF_NETLINK"), number("SOCK_RAW"), 9}));
  CHECK(knowledge::socket_call(Os::linux_os).tests.empty());
}

TEST_CASE("socket_call: `other` is every family without a word, never one that has one") {
  const std::vector<CallPattern> other{knowledge::socket_call(Os::linux_os, Family::other, SocketType::stream)};
  const std::uint64_t stream = number("SOCK_STREAM");
  CHECK(permits(Os::linux_os, other, "socket", {number("AF_VSOCK"), stream, 0}));
  for (const std::string_view family : {"AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"})
    CHECK_FALSE(permits(Os::linux_os, other, "socket", {number(family), stream, 0}));
}

TEST_CASE("socket_call: a family that the OS does not have is asked for by no call") {
  const std::vector<CallPattern> netlink{knowledge::socket_call(Os::openbsd, Family::netlink, SocketType::raw)};
  for (std::uint64_t domain = 0; domain < 64; ++domain)
    CHECK_FALSE(permits(Os::openbsd, netlink, "socket", {domain, number("SOCK_RAW", Os::openbsd), 0}));
  const std::vector<CallPattern> unix_dgram{
      knowledge::socket_call(Os::openbsd, Family::unix_family, SocketType::dgram)};
  CHECK(permits(Os::openbsd, unix_dgram, "socket", {1, 2, 0}));
}

TEST_CASE("OpenBSD: the calls that the systrace policy of the how-to spells out") {
  const auto file = [](FileVerb verb, FileType type) {
    return names_of(Os::openbsd, knowledge::calls_for_file(Os::openbsd, verb, type));
  };
  const auto net = [](NetVerb verb) {
    return names_of(Os::openbsd, knowledge::calls_for_net(Os::openbsd, verb, Family::inet));
  };
  CHECK(file(FileVerb::read, FileType::file) == Names{"open"});
  CHECK(file(FileVerb::read, FileType::symlink) == Names{"readlink"});
  CHECK(file(FileVerb::stat, FileType::file) == Names{"access", "lstat", "stat"});
  CHECK(file(FileVerb::write, FileType::file) == Names{"open"});
  CHECK(file(FileVerb::create, FileType::dir) == Names{"mkdir"});
  CHECK(file(FileVerb::create, FileType::fifo) == Names{"mkfifo"});
  CHECK(file(FileVerb::remove, FileType::file) == Names{"unlink"});
  CHECK(file(FileVerb::remove, FileType::dir) == Names{"rmdir"});
  CHECK(file(FileVerb::rename, FileType::file) == Names{"rename"});
  CHECK(file(FileVerb::chdir, FileType::dir) == Names{"chdir"});
  CHECK(net(NetVerb::connect) == Names{"connect"});
  CHECK(net(NetVerb::accept) == Names{"accept"});
  CHECK(net(NetVerb::send) == Names{"sendto"});
  CHECK(net(NetVerb::receive) == Names{"recvfrom"});
  CHECK(names_of(Os::openbsd, knowledge::calls_named(Os::openbsd, "fork", "")) == Names{"fork"});
  CHECK(names_of(Os::openbsd, knowledge::calls_named(Os::openbsd, "socketpair", "")) == Names{"socketpair"});
}

TEST_CASE("calls_for_file, socket_call: in the numbers of the architecture that is asked for") {
  const auto creating = knowledge::calls_for_file(Os::linux_os, FileVerb::create, FileType::file, Arch::mips64);
  REQUIRE_FALSE(creating.empty());
  REQUIRE_FALSE(creating[0].tests.empty());
  CHECK(creating[0].tests[0].value == 0x100);  // O_CREAT
  const auto stream = knowledge::socket_call(Os::linux_os, Family::inet, SocketType::stream, Arch::mips64);
  REQUIRE(stream.tests.size() == 2);
  CHECK(stream.tests[1].value == 2);
  CHECK((stream.tests[1].mask & 0x80) == 0);  // SOCK_NONBLOCK
}

TEST_CASE("calls_named, calls_for_file: an architecture is given its own calls only") {
  const auto names = [](const std::vector<knowledge::CallPattern>& patterns) {
    std::set<std::string_view> result;
    for (const auto& pattern : patterns) result.insert(knowledge::call_of(Os::linux_os, pattern.call).name);
    return result;
  };
  const auto memory = [&](std::optional<Arch> arch) {
    return names(knowledge::calls_named(Os::linux_os, "memory", "write_exec", arch));
  };
  CHECK_FALSE(memory(Arch::x86_64).contains("mmap2"));
  CHECK(memory(Arch::x86).contains("mmap2"));
  CHECK(memory(std::nullopt).contains("mmap2"));
  const auto reading = names(knowledge::calls_for_file(Os::linux_os, FileVerb::read, FileType::file, Arch::aarch64));
  CHECK(reading == std::set<std::string_view>{"openat"});
  CHECK_FALSE(knowledge::calls_named(Os::openbsd, "fork", "", Arch::x86_64).empty());
}
