// Tries one operation that tor never needs and a taken-over tor would like: `probe NAME`; `probe --list` names them.
// Prints "refused ERRNO" or "done"; exit status 0 either way, 2 for an unknown name. It is linked as plainly as may be,
// because it must start under tor's own filter.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

long make_code(int prot, int flags) {
  void* const page = mmap(nullptr, 4096, prot, MAP_PRIVATE | flags, -1, 0);
  return page == MAP_FAILED ? -1 : 0;
}

long make_writable_page(int prot) {
  void* const page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mprotect(page, 4096, prot);
}

long steal_terminal_input() {
  char c = 'x';
  return syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, &c);
}

struct Operation {
  const char* name;
  long (*run)();
};

constexpr Operation operations[] = {
    {"ptrace", [] { return syscall(SYS_ptrace, PTRACE_ATTACH, getppid(), 0, 0); }},
    {"process_vm_readv", [] { return syscall(SYS_process_vm_readv, 1, nullptr, 0, nullptr, 0, 0); }},
    {"raw_socket", [] { return long{socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)}; }},
    {"packet_socket", [] { return long{socket(AF_PACKET, SOCK_RAW, 0)}; }},
    {"multipath_tcp", [] { return long{socket(AF_INET, SOCK_STREAM, 262)}; }},
    {"sctp", [] { return long{socket(AF_INET, SOCK_STREAM, 132)}; }},
    {"kernel_crypto", [] { return long{socket(38 /* AF_ALG */, SOCK_SEQPACKET, 0)}; }},
    {"vsock", [] { return long{socket(40 /* AF_VSOCK */, SOCK_STREAM, 0)}; }},
    {"audit_netlink", [] { return long{socket(AF_NETLINK, SOCK_RAW, 9)}; }},
    {"write_and_execute", [] { return make_code(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_ANONYMOUS); }},
    {"execute_anonymous", [] { return make_code(PROT_READ | PROT_EXEC, MAP_ANONYMOUS); }},
    {"mprotect_write_execute", [] { return make_writable_page(PROT_READ | PROT_WRITE | PROT_EXEC); }},
    {"mprotect_execute", [] { return make_writable_page(PROT_READ | PROT_EXEC); }},
    {"user_namespace", [] { return syscall(SYS_unshare, CLONE_NEWUSER); }},
    {"clone_user_namespace", [] { return syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, 0); }},
    {"setns", [] { return syscall(SYS_setns, 0, 0); }},
    {"mount", [] { return syscall(SYS_mount, "none", "/mnt", "tmpfs", 0, nullptr); }},
    {"pivot_root", [] { return syscall(SYS_pivot_root, ".", "."); }},
    {"chroot", [] { return syscall(SYS_chroot, "/"); }},
    {"load_module", [] { return syscall(SYS_finit_module, 0, "", 0); }},
    {"kexec", [] { return syscall(SYS_kexec_load, 0, 0, nullptr, 0); }},
    {"reboot", [] { return syscall(SYS_reboot, 0, 0, 0, nullptr); }},
    {"bpf", [] { return syscall(SYS_bpf, 0, nullptr, 0); }},
    {"perf_event_open", [] { return syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
    {"io_uring", [] { return syscall(SYS_io_uring_setup, 1, nullptr); }},
    {"userfaultfd", [] { return syscall(SYS_userfaultfd, 0); }},
    {"add_key", [] { return syscall(SYS_add_key, "user", "x", "x", 1, -3); }},
    {"keyctl", [] { return syscall(SYS_keyctl, 0, -3, 0); }},
    {"set_clock", [] { return syscall(SYS_clock_settime, CLOCK_REALTIME, nullptr); }},
    {"set_hostname", [] { return syscall(SYS_sethostname, "x", 1); }},
    {"make_device", [] { return syscall(SYS_mknodat, AT_FDCWD, "/tmp/polc-probe", S_IFCHR | 0600, 0x101); }},
    {"swapoff", [] { return syscall(SYS_swapoff, "/none"); }},
    {"acct", [] { return syscall(SYS_acct, nullptr); }},
    {"open_by_handle", [] { return syscall(SYS_open_by_handle_at, AT_FDCWD, nullptr, 0); }},
    {"memfd", [] { return syscall(SYS_memfd_create, "x", 0); }},
    {"kill", [] { return syscall(SYS_kill, 1, 0); }},
    {"personality", [] { return syscall(SYS_personality, 0x0400000); }},
    {"link", [] { return syscall(SYS_linkat, AT_FDCWD, "/etc/passwd", AT_FDCWD, "/tmp/polc-probe", 0); }},
    {"symlink", [] { return syscall(SYS_symlinkat, "/etc/passwd", AT_FDCWD, "/tmp/polc-probe"); }},
    {"chown", [] { return syscall(SYS_fchownat, AT_FDCWD, "/tmp/polc-probe", 0, 0, 0); }},
    {"setxattr", [] { return syscall(SYS_setxattr, "/tmp/polc-probe", "user.x", "x", 1, 0); }},
    {"watch", [] { return syscall(SYS_inotify_init1, 0); }},
    {"terminal_input", steal_terminal_input},
    {"new_seccomp_listener", [] { return syscall(SYS_seccomp, 1, 8, nullptr); }},
    {"x32", [] { return syscall(0x40000000 | SYS_getpid); }},
};

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  for (const Operation& operation : operations) {
    if (std::strcmp(words[1], "--list") == 0) {
      std::puts(operation.name);
    } else if (std::strcmp(words[1], operation.name) == 0) {
      errno = 0;
      if (operation.run() >= 0) std::puts("done");
      else std::printf("refused %d\n", errno);
      return 0;
    }
  }
  return std::strcmp(words[1], "--list") == 0 ? 0 : 2;
}
