// Facts of systemd 252.38 (Debian 12): systemd.exec(5), src/shared/seccomp-util.c of v252, and systemd-analyze syscall-filter.
// The test e2e.systemd compares them with the installed systemd.
#include <algorithm>

#include "systemd/model.hpp"

namespace polc::systemd {

std::span<const std::string_view> default_calls() {
  static constexpr std::string_view calls[] = {
      "arch_prctl", "brk", "cacheflush", "clock_getres", "clock_getres_time64", "clock_gettime", "clock_gettime64",
      "clock_nanosleep", "clock_nanosleep_time64", "execve", "exit", "exit_group", "futex", "futex_time64", "futex_waitv",
      "get_robust_list", "get_thread_area", "getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32",
      "getgroups", "getgroups32", "getpgid", "getpgrp", "getpid", "getppid", "getrandom", "getresgid", "getresgid32",
      "getresuid", "getresuid32", "getrlimit", "getsid", "gettid", "gettimeofday", "getuid", "getuid32", "membarrier",
      "mmap", "mmap2", "mprotect", "munmap", "nanosleep", "pause", "prlimit64", "restart_syscall", "riscv_flush_icache",
      "riscv_hwprobe", "rseq", "rt_sigreturn", "sched_getaffinity", "sched_yield", "set_robust_list", "set_thread_area",
      "set_tid_address", "set_tls", "sigreturn", "time", "ugetrlimit", "uretprobe",
  };
  return calls;
}

// systemd-analyze syscall-filter @default of 257 (Debian 13), recorded in tests/recorded-groups.tsv; its
// @sandbox is part of it.
std::span<const std::string_view> later_default_calls() {
  static constexpr std::string_view calls[] = {
      "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "lsm_get_self_attr", "lsm_list_modules", "mseal", "seccomp",
  };
  return calls;
}

bool is_known(std::string_view call) {
  // Younger than systemd 252, or never made by any kernel.
  static constexpr std::string_view unknown[] = {
      "_sysctl", "afs_syscall", "arm_sync_file_range", "bdflush", "break", "breakpoint", "cachestat", "create_module",
      "file_getattr", "file_setattr", "ftime", "get_kernel_syms", "get_tls", "getpmsg", "getxattrat", "gtty", "idle",
      "listmount", "listns", "listxattrat", "lock", "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "mpx",
      "mseal", "nfsservctl", "old_getpagesize", "open_tree_attr", "prof", "profil", "putpmsg", "query_module",
      "removexattrat", "rseq_slice_yield", "security", "setxattrat", "statmount", "stty", "tuxcall", "ulimit", "uprobe",
      "uselib", "usr26", "usr32", "vserver",
  };
  static_assert(std::is_sorted(std::begin(unknown), std::end(unknown)));
  return !std::binary_search(std::begin(unknown), std::end(unknown), call);
}

// src/basic/namespace-util.c. Time namespaces came with systemd 256.
std::span<const NamedNumber> namespaces() {
  static constexpr NamedNumber names[] = {
      {"cgroup", 0x02000000}, {"ipc", 0x08000000}, {"net", 0x40000000}, {"mnt", 0x00020000},
      {"pid", 0x20000000},    {"user", 0x10000000}, {"uts", 0x04000000},
  };
  return names;
}

// include/linux/socket.h
std::span<const NamedNumber> families() {
  static constexpr NamedNumber names[] = {
      {"AF_UNIX", 1},      {"AF_INET", 2},       {"AF_AX25", 3},    {"AF_IPX", 4},     {"AF_APPLETALK", 5}, {"AF_NETROM", 6},
      {"AF_BRIDGE", 7},    {"AF_ATMPVC", 8},     {"AF_X25", 9},     {"AF_INET6", 10},  {"AF_ROSE", 11},     {"AF_NETBEUI", 13},
      {"AF_SECURITY", 14}, {"AF_KEY", 15},       {"AF_NETLINK", 16}, {"AF_PACKET", 17}, {"AF_ASH", 18},      {"AF_ECONET", 19},
      {"AF_ATMSVC", 20},   {"AF_RDS", 21},       {"AF_SNA", 22},    {"AF_IRDA", 23},   {"AF_PPPOX", 24},    {"AF_WANPIPE", 25},
      {"AF_LLC", 26},      {"AF_IB", 27},        {"AF_MPLS", 28},   {"AF_CAN", 29},    {"AF_TIPC", 30},     {"AF_BLUETOOTH", 31},
      {"AF_IUCV", 32},     {"AF_RXRPC", 33},     {"AF_ISDN", 34},   {"AF_PHONET", 35}, {"AF_IEEE802154", 36}, {"AF_CAIF", 37},
      {"AF_ALG", 38},      {"AF_NFC", 39},       {"AF_VSOCK", 40},  {"AF_KCM", 41},    {"AF_QIPCRTR", 42},  {"AF_SMC", 43},
      {"AF_XDP", 44},      {"AF_MCTP", 45},
  };
  return names;
}

// systemd.exec(5): "no effect on 32-bit x86, s390, s390x, mips, mips-le, ppc, ppc-le, ppc64, ppc64-le".
bool sees_socket(Arch arch) {
  return arch == Arch::x86_64 || arch == Arch::aarch64 || arch == Arch::arm || arch == Arch::riscv64;
}

// seccomp_memory_deny_write_execute(): where mmap's arguments are in registers, and the kernel has no socketcall-like wrapper of shmat.
bool sees_mapping(Arch arch) {
  return arch == Arch::x86_64 || arch == Arch::aarch64 || arch == Arch::arm || arch == Arch::riscv64;
}

}  // namespace polc::systemd
