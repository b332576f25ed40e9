// The names that the example policies of the language use, copied by hand: each must be known.
#include <doctest/doctest.h>

#include "knowledge/calls.hpp"
#include "knowledge/relation.hpp"
#include "knowledge/names.hpp"

using namespace polc;

TEST_CASE("find_call: every call of the example policies is known on its OS") {
  for (const std::string_view name : {"mlockall", "capset", "sched_setscheduler", "prctl", "seccomp", "io_uring_setup",
                                      "madvise", "personality", "setuid", "setgid", "setresuid", "setresgid", "ioctl",
                                      "getsockopt", "setsockopt", "mprotect", "clone3", "openat2", "socket"})
    CHECK_MESSAGE(knowledge::find_call(Os::linux_os, name), name);
  for (const std::string_view name :
       {"__sysctl",    "break",     "mmap",         "mprotect",      "mquery",     "munmap",      "close",
        "dup2",        "fcntl",     "fstat",        "getdirentries", "ioctl",      "lseek",       "pread",
        "read",        "write",     "gettimeofday", "getuid",        "getrlimit",  "setrlimit",   "exit",
        "fork",        "pipe",      "getpid",       "geteuid",       "issetugid",  "setsid",      "sigaction",
        "sigprocmask", "sigreturn", "setsockopt",   "poll",          "getsockopt", "recvfrom",    "accept",
        "bind",        "chdir",     "connect",      "listen",        "mkdir",      "open",        "readlink",
        "rename",      "sendto",    "setgid",       "setuid",        "socket",     "socketpair",  "stat",
        "lstat",       "access",    "unlink",       "rmdir",         "sendmsg",    "recvmsg",     "shutdown",
        "select",      "kevent",    "kqueue",       "nanosleep",     "wait4",      "getsockname", "closefrom",
        "readv",       "writev",    "setgroups",    "chmod",         "ftruncate",  "kill",        "execve"})
    CHECK_MESSAGE(knowledge::find_call(Os::openbsd, name), name);
}

TEST_CASE("find_argument: every argument of the example policies is known") {
  const auto has = [](std::string_view call, std::string_view argument) {
    const auto id = knowledge::find_call(Os::linux_os, call);
    return id && knowledge::find_argument(knowledge::call_of(Os::linux_os, *id), argument);
  };
  CHECK(has("sched_setscheduler", "policy"));
  CHECK(has("prctl", "option"));
  CHECK(has("madvise", "advice"));
  CHECK(has("personality", "persona"));
  CHECK(has("ioctl", "request"));
  CHECK(has("getsockopt", "level"));
  CHECK(has("getsockopt", "optname"));
  CHECK(has("setsockopt", "optname"));
  CHECK(has("mprotect", "prot"));
  CHECK(has("socket", "domain"));
}

TEST_CASE("find_constant, find_errno and the rest: every name of the example policies is known") {
  for (const std::string_view name : {"SCHED_RESET_ON_FORK",
                                      "SCHED_FIFO",
                                      "PR_SET_KEEPCAPS",
                                      "PR_SET_NAME",
                                      "PR_SET_NO_NEW_PRIVS",
                                      "PR_SET_SECCOMP",
                                      "PR_SET_THP_DISABLE",
                                      "PR_SET_DUMPABLE",
                                      "PR_CAPBSET_READ",
                                      "MADV_DONTNEED",
                                      "MADV_FREE",
                                      "MADV_DONTDUMP",
                                      "MADV_WIPEONFORK",
                                      "READ_IMPLIES_EXEC",
                                      "TIOCGPTN",
                                      "TIOCSPTLCK",
                                      "TIOCSWINSZ",
                                      "RTC_RD_TIME",
                                      "RTC_SET_TIME",
                                      "RTC_UIE_ON",
                                      "RTC_UIE_OFF",
                                      "SIOCOUTQNSD",
                                      "IPPROTO_TCP",
                                      "TCP_INFO",
                                      "SOL_SOCKET",
                                      "SO_ERROR",
                                      "SO_ACCEPTCONN",
                                      "SO_REUSEADDR",
                                      "PROT_READ",
                                      "PROT_WRITE",
                                      "AF_INET",
                                      "PROT_EXEC",
                                      "CLONE_NEWUSER",
                                      "CLONE_VM",
                                      "CLONE_FS",
                                      "AF_VSOCK"})
    CHECK_MESSAGE(knowledge::find_constant(Os::linux_os, name), name);
  for (const std::string_view name : {"EACCES", "EPERM", "ENOSYS", "ENOENT"})
    for (const Os os : {Os::linux_os, Os::openbsd, Os::freebsd}) CHECK_MESSAGE(knowledge::find_errno(os, name), name);
  for (const std::string_view name : {"hup", "usr1", "usr2", "term", "quit", "winch", "kill", "chld"})
    CHECK_MESSAGE(knowledge::find_signal(Os::linux_os, name), name);
  for (const std::string_view name : {"sys_time", "setuid", "setgid", "chown", "dac_override", "net_bind_service",
                                      "ipc_lock", "sys_nice", "sys_admin", "net_raw", "fowner", "kill", "sys_chroot",
                                      "sys_resource", "audit_write", "dac_read_search", "net_admin"})
    CHECK_MESSAGE(knowledge::find_capability(name), name);
  for (const std::string_view name : {"memlock", "rtprio", "nofile", "core", "as"})
    CHECK_MESSAGE(knowledge::find_limit(Os::linux_os, name), name);
  for (const std::string_view name : {"route", "audit"}) CHECK_MESSAGE(knowledge::find_netlink_protocol(name), name);
}

TEST_CASE("calls_named: every class member of the example policies brings calls") {
  CHECK_FALSE(knowledge::find_rows(Os::linux_os, knowledge::Relation::brings, "time", "set").empty());
  CHECK_FALSE(knowledge::find_rows(Os::linux_os, knowledge::Relation::brings, "time", "adjust").empty());
  CHECK_FALSE(knowledge::find_rows(Os::linux_os, knowledge::Relation::brings, "ipc", "shm").empty());
  CHECK_FALSE(knowledge::find_rows(Os::linux_os, knowledge::Relation::brings, "memory", "write_exec").empty());
  CHECK_FALSE(knowledge::find_rows(Os::openbsd, knowledge::Relation::brings, "socketpair", "").empty());
}
