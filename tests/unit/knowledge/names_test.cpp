#include "knowledge/names.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/netlink.h>
#include <linux/rtc.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <span>
#include <string>

using namespace polc;
using knowledge::NamedNumber;

namespace {

void check_sorted(std::span<const NamedNumber> names) {
  CHECK_FALSE(names.empty());
  for (std::size_t i = 1; i < names.size(); ++i) {
    CAPTURE(names[i].name);
    CHECK(names[i - 1].name < names[i].name);
  }
}

// The host's own value, sign-extended as the table has it.
#define POLC_SAME(name) \
  CHECK_MESSAGE(knowledge::find_constant(Os::linux_os, #name) == static_cast<std::uint64_t>(name), #name)
#define POLC_SAME_ERRNO(name) \
  CHECK_MESSAGE(knowledge::find_errno(Os::linux_os, #name) == static_cast<std::uint64_t>(name), #name)

}  // namespace

TEST_CASE("every list of names is sorted and without repeats") {
  for (const Os os : {Os::linux_os, Os::openbsd, Os::freebsd}) {
    check_sorted(knowledge::constants_of(os));
    check_sorted(knowledge::errnos_of(os));
    check_sorted(knowledge::signals_of(os));
    check_sorted(knowledge::limits_of(os));
  }
  check_sorted(knowledge::capabilities());
  check_sorted(knowledge::netlink_protocols());
}

TEST_CASE("find_constant: Linux's values are those of this host's headers") {
  POLC_SAME(AF_INET6);
  POLC_SAME(AF_NETLINK);
  POLC_SAME(AF_VSOCK);
  POLC_SAME(PF_PACKET);
  POLC_SAME(SOCK_SEQPACKET);
  POLC_SAME(SOCK_CLOEXEC);
  POLC_SAME(IPPROTO_ICMPV6);
  POLC_SAME(SOL_SOCKET);
  POLC_SAME(SO_PEERCRED);
  POLC_SAME(TCP_INFO);
  POLC_SAME(IP_TRANSPARENT);
  POLC_SAME(IPV6_V6ONLY);
  POLC_SAME(O_RDWR);
  POLC_SAME(O_TMPFILE);
  POLC_SAME(O_CLOEXEC);
  POLC_SAME(AT_FDCWD);
  POLC_SAME(AT_REMOVEDIR);
  POLC_SAME(PROT_EXEC);
  POLC_SAME(MAP_ANONYMOUS);
  POLC_SAME(MREMAP_MAYMOVE);
  POLC_SAME(MADV_WIPEONFORK);
  POLC_SAME(MCL_FUTURE);
  POLC_SAME(CLONE_NEWUSER);
  POLC_SAME(CLONE_IO);
  POLC_SAME(F_OFD_SETLKW);
  POLC_SAME(LOCK_EX);
  POLC_SAME(S_IFSOCK);
  POLC_SAME(PR_SET_NO_NEW_PRIVS);
  POLC_SAME(SCHED_FIFO);
  POLC_SAME(MSG_FASTOPEN);
  POLC_SAME(MSG_CMSG_CLOEXEC);
  POLC_SAME(FUTEX_WAKE);
  POLC_SAME(EPOLL_CTL_MOD);
  POLC_SAME(RLIMIT_NOFILE);
  POLC_SAME(READ_IMPLIES_EXEC);
  POLC_SAME(SECCOMP_SET_MODE_FILTER);
  POLC_SAME(TIOCGPTN);
  POLC_SAME(TIOCSWINSZ);
  POLC_SAME(FIONBIO);
  POLC_SAME(SIOCOUTQNSD);
  POLC_SAME(RTC_SET_TIME);
  POLC_SAME(MS_NOSUID);
  POLC_SAME(UMOUNT_NOFOLLOW);
}

TEST_CASE("find_constant: the kernel's value where libc hides it, and each group that language 1 promises") {
  CHECK(knowledge::find_constant(Os::linux_os, "O_LARGEFILE") == 0100000u);
  for (const std::string_view name : {"SHM_RDONLY",     "IPC_CREAT",     "PTRACE_ATTACH",
                                      "KEYCTL_READ",    "TCGETS",        "LOOP_SET_FD",
                                      "MPOL_BIND",      "GRND_NONBLOCK", "MFD_CLOEXEC",
                                      "EFD_CLOEXEC",    "TFD_CLOEXEC",   "SFD_CLOEXEC",
                                      "IN_CLOEXEC",     "BPF_PROG_LOAD", "CLONE_NEWTIME",
                                      "ARCH_SET_FS",    "PR_SET_MDWE",   "LANDLOCK_CREATE_RULESET_VERSION",
                                      "MNT_DETACH",     "IPPROTO_MPTCP", "W_OK",
                                      "F_DUPFD_CLOEXEC"})
    CHECK_MESSAGE(knowledge::find_constant(Os::linux_os, name), name);
  CHECK_FALSE(knowledge::find_constant(Os::linux_os, "AF_IMAGINARY"));
}

TEST_CASE("find_constant: each OS has its own numbers") {
  CHECK(knowledge::find_constant(Os::openbsd, "AF_INET6") == 24u);
  CHECK(knowledge::find_constant(Os::freebsd, "AF_INET6") == 28u);
  CHECK(knowledge::find_constant(Os::openbsd, "O_CREAT") == 0x200u);
  CHECK(knowledge::find_constant(Os::openbsd, "SOL_SOCKET") == 0xffffu);
  CHECK_FALSE(knowledge::find_constant(Os::openbsd, "AF_NETLINK"));
}

TEST_CASE("find_errno: Linux's are this host's, OpenBSD's are its own") {
  POLC_SAME_ERRNO(EPERM);
  POLC_SAME_ERRNO(EAGAIN);
  POLC_SAME_ERRNO(EWOULDBLOCK);
  POLC_SAME_ERRNO(ENOSYS);
  POLC_SAME_ERRNO(EOVERFLOW);
  POLC_SAME_ERRNO(ENOTSUP);
  POLC_SAME_ERRNO(EHWPOISON);
  CHECK(knowledge::find_errno(Os::openbsd, "EAGAIN") == 35u);
  CHECK(knowledge::find_errno(Os::openbsd, "ENOSYS") == 78u);
  CHECK(knowledge::find_errno(Os::openbsd, "ENOTSUP") == 91u);
  CHECK_FALSE(knowledge::find_errno(Os::openbsd, "EHWPOISON"));
}

TEST_CASE("find_signal: names without SIG, in lower case") {
  CHECK(knowledge::find_signal(Os::linux_os, "hup") == std::uint64_t{SIGHUP});
  CHECK(knowledge::find_signal(Os::linux_os, "usr1") == std::uint64_t{SIGUSR1});
  CHECK(knowledge::find_signal(Os::linux_os, "winch") == std::uint64_t{SIGWINCH});
  CHECK(knowledge::find_signal(Os::openbsd, "usr1") == 30u);
  CHECK_FALSE(knowledge::find_signal(Os::linux_os, "SIGHUP"));
}

TEST_CASE("find_capability: 0 to 40, each once") {
  CHECK(knowledge::find_capability("chown") == std::uint64_t{CAP_CHOWN});
  CHECK(knowledge::find_capability("net_bind_service") == std::uint64_t{CAP_NET_BIND_SERVICE});
  CHECK(knowledge::find_capability("checkpoint_restore") == std::uint64_t{CAP_CHECKPOINT_RESTORE});
  CHECK_FALSE(knowledge::find_capability("CAP_CHOWN"));
  std::uint64_t seen = 0;
  for (const NamedNumber& entry : knowledge::capabilities()) seen |= std::uint64_t{1} << entry.value;
  CHECK(seen == (std::uint64_t{1} << 41) - 1);
}

TEST_CASE("find_limit and find_netlink_protocol: the host's numbers") {
  CHECK(knowledge::find_limit(Os::linux_os, "nofile") == static_cast<std::uint64_t>(RLIMIT_NOFILE));
  CHECK(knowledge::find_limit(Os::linux_os, "rtprio") == static_cast<std::uint64_t>(RLIMIT_RTPRIO));
  CHECK(knowledge::limits_of(Os::linux_os).size() == static_cast<std::size_t>(RLIM_NLIMITS));
  CHECK(knowledge::find_netlink_protocol("route") == std::uint64_t{NETLINK_ROUTE});
  CHECK(knowledge::find_netlink_protocol("audit") == std::uint64_t{NETLINK_AUDIT});
  CHECK(knowledge::find_netlink_protocol("sock_diag") == std::uint64_t{NETLINK_SOCK_DIAG});
}

TEST_CASE("nearest_name: within a third of the length, and at least one edit") {
  CHECK(knowledge::nearest_constant(Os::linux_os, "PROT_EXCE") == "PROT_EXEC");
  CHECK(knowledge::nearest_name(knowledge::capabilities(), "net_bind_servise") == "net_bind_service");
  CHECK(knowledge::nearest_name(knowledge::signals_of(Os::linux_os), "hpu") == "hup");
  CHECK_FALSE(knowledge::nearest_name(knowledge::capabilities(), "qqqqqqq"));
  constexpr NamedNumber two[] = {{"aab", 1}, {"aac", 2}};
  CHECK(knowledge::nearest_name(two, "aad") == "aab");
  CHECK_FALSE(knowledge::nearest_name(std::span<const NamedNumber>{}, "x"));
}

TEST_CASE("find_constant, find_errno: an architecture's own numbers, and the common ones where it has none") {
  const auto on = [](Arch arch, std::string_view name) { return knowledge::find_constant(Os::linux_os, arch, name); };
  CHECK(on(Arch::x86_64, "O_DIRECTORY") == 0200000u);
  CHECK(on(Arch::aarch64, "O_DIRECTORY") == 040000u);
  CHECK(on(Arch::arm, "O_DIRECTORY") == 040000u);
  CHECK(on(Arch::ppc64le, "O_DIRECTORY") == 040000u);
  CHECK(on(Arch::riscv64, "O_DIRECTORY") == 0200000u);
  CHECK(on(Arch::aarch64, "O_CREAT") == 0100u);
  CHECK(on(Arch::mips64, "O_CREAT") == 0x100u);
  CHECK(on(Arch::mips64, "SOCK_STREAM") == 2u);
  CHECK(on(Arch::mips64, "SOL_SOCKET") == 0xffffu);
  CHECK(on(Arch::ppc64le, "FIONREAD") == 0x4004667fu);
  CHECK_FALSE(on(Arch::mips64, "O_CRAET"));
  CHECK(knowledge::find_errno(Os::linux_os, Arch::mips64, "ENOSYS") == 89u);
  CHECK(knowledge::find_errno(Os::linux_os, Arch::s390x, "ENOSYS") == 38u);
  CHECK_FALSE(knowledge::find_errno(Os::linux_os, Arch::mips64, "O_CREAT"));
  CHECK(knowledge::find_constant(Os::openbsd, Arch::mips64, "O_CREAT") == 0x200u);
}
