// What a taken-over daemon would try: `probe PROFILE PROGRAM FOLDER` does each operation in a child of its own and prints
// "NAME ERRNO", 0 for what succeeded, 1000 and the signal for what ended it. PROFILE is an AppArmor profile to enter, or -.
// PROGRAM is the daemon's file, FOLDER the one that it may write. Linked statically: it runs in the machine of scripts/test-vm
// too. Nothing is harmed where nothing refuses: files are opened and not written, calls that change the system get arguments
// that fail once the caller's right to make them is checked.
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::string program, folder;

long opened(const std::string& path, int flags, mode_t mode = 0) { return open(path.c_str(), flags | O_CLOEXEC, mode); }

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Nothing listens there: ECONNREFUSED is what an attempt that nobody refused meets.
long connect_elsewhere() {
  const int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(4444);
  return file < 0 ? -1 : connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

// A connection without a connect.
long fast_open() {
  const int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(4444);
  return file < 0 ? -1 : sendto(file, "x", 1, MSG_FASTOPEN, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

long bind_back_door() {
  const int file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(31337);
  return file < 0 ? -1 : bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

long run(const char* shell) {
  char name[] = "sh", option[] = "-c", command[] = "exit 0";
  char* const words[] = {name, option, command, nullptr};
  char* const none[] = {nullptr};
  return execve(shell, words, none);
}

// A program of 130 bytes that ends with 0, in a file without a name.
long execute_memory() {
  constexpr unsigned char code[] = {
      0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0, 1, 0, 0, 0, 0x78, 0, 0x40, 0, 0, 0, 0, 0,
      64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 0, 0, 0, 0, 0, 0,
      1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0,
      0x81, 0, 0, 0, 0, 0, 0, 0, 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0,
      0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05};
  const int file = static_cast<int>(syscall(SYS_memfd_create, "x", 0));
  if (file < 0 || write(file, code, sizeof code) < 0) return -1;
  char name[] = "x";
  char* const words[] = {name, nullptr};
  char* const none[] = {nullptr};
  return syscall(SYS_execveat, file, "", words, none, AT_EMPTY_PATH);
}

long map_own_file() {
  const std::string path = folder + "/code";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || write(file, "\xc3", 1) < 0) return -1;
  return mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED ? -1 : 0;
}

long chmod_setuid() {
  const std::string path = folder + "/plain";
  return opened(path, O_WRONLY | O_CREAT, 0600) < 0 ? -1 : syscall(SYS_fchmodat, AT_FDCWD, path.c_str(), 04755);
}

long map_anonymous(int protection) {
  return mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

// Written as data, then made executable.
long protect_as_code() {
  void* const page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? -1 : mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

long write_to_parent() {
  static char here = 'x';
  iovec from{&here, 1}, to{&here, 1};
  return syscall(SYS_process_vm_writev, getppid(), &from, 1, &to, 1, 0);
}

long steal_terminal_input() {
  char c = 'x';
  const int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  return terminal < 0 ? -1 : syscall(SYS_ioctl, terminal, 0x5412 /* TIOCSTI */, &c);
}

long new_map() {
  bpf_attr attribute{};
  attribute.map_type = BPF_MAP_TYPE_ARRAY;
  attribute.key_size = attribute.value_size = 4;
  attribute.max_entries = 1;
  return syscall(SYS_bpf, BPF_MAP_CREATE, &attribute, sizeof attribute);
}

long count_instructions() {
  perf_event_attr attribute{};
  attribute.size = sizeof attribute;
  attribute.type = PERF_TYPE_SOFTWARE;
  return syscall(SYS_perf_event_open, &attribute, 0, -1, -1, 0);
}

long new_ring() {
  io_uring_params parameters{};
  return syscall(SYS_io_uring_setup, 1, &parameters);
}

// The zone is refused once the right to set the clock is checked.
long set_clock() {
  const struct {
    int minutes, kind;
  } zone{10000, 0};
  return syscall(SYS_settimeofday, nullptr, &zone);
}

struct Operation {
  const char* name;
  long (*attempt)();
};

constexpr Operation operations[] = {
    {"getpid", [] { return syscall(SYS_getpid) > 0 ? 0L : -1L; }},  // is never refused: the probe itself works
    {"read_shadow", [] { return opened("/etc/shadow", O_RDONLY); }},
    {"read_root_files", [] { return opened("/root/secret", O_RDONLY); }},
    {"write_passwd", [] { return opened("/etc/passwd", O_WRONLY | O_APPEND); }},
    {"write_own_program", [] { return opened(program, O_WRONLY | O_APPEND); }},
    {"create_in_etc", [] { return opened("/etc/polc-probe", O_WRONLY | O_CREAT, 0600); }},
    {"write_memory_device", [] { return opened("/dev/mem", O_RDWR); }},
    {"run_shell", [] { return run("/bin/sh"); }},
    {"execute_memory", execute_memory},
    {"map_own_file", map_own_file},
    {"map_anonymous_code", [] { return map_anonymous(PROT_READ | PROT_EXEC); }},
    {"protect_as_code", protect_as_code},
    {"write_and_execute", [] { return map_anonymous(PROT_READ | PROT_WRITE | PROT_EXEC); }},
    {"create_setuid_file", [] { return opened(folder + "/setuid", O_WRONLY | O_CREAT | O_EXCL, 04755); }},
    {"chmod_setuid", chmod_setuid},
    {"make_device", [] { return syscall(SYS_mknodat, AT_FDCWD, (folder + "/device").c_str(), S_IFBLK | 0600, 0x101); }},
    {"chown_passwd", [] { return syscall(SYS_fchownat, AT_FDCWD, "/etc/passwd", -1, -1, 0); }},
    {"link_shadow", [] { return syscall(SYS_linkat, AT_FDCWD, "/etc/shadow", AT_FDCWD, (folder + "/link").c_str(), 0); }},
    {"ptrace", [] { return syscall(SYS_ptrace, PTRACE_SEIZE, getppid(), 0, 0); }},
    {"write_to_parent", write_to_parent},
    {"signal_init", [] { return syscall(SYS_kill, 1, 0); }},
    {"connect_elsewhere", connect_elsewhere},
    {"fast_open", fast_open},
    {"bind_back_door", bind_back_door},
    {"raw_socket", [] { return long{socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)}; }},
    {"packet_socket", [] { return long{socket(AF_PACKET, SOCK_RAW, 0)}; }},
    {"multipath_tcp", [] { return long{socket(AF_INET, SOCK_STREAM, 262)}; }},
    {"kernel_crypto", [] { return long{socket(AF_ALG, SOCK_SEQPACKET, 0)}; }},
    {"audit_netlink", [] { return long{socket(AF_NETLINK, SOCK_RAW, 9)}; }},
    {"user_namespace", [] { return syscall(SYS_unshare, CLONE_NEWUSER); }},
    {"mount_namespace", [] { return syscall(SYS_unshare, CLONE_NEWNS); }},
    {"join_namespace", [] { return syscall(SYS_setns, -1, 0); }},
    {"mount", [] { return syscall(SYS_mount, "none", folder.c_str(), "tmpfs", 0, nullptr); }},
    {"chroot", [] { return syscall(SYS_chroot, "/"); }},
    {"load_module", [] { return syscall(SYS_finit_module, -1, "", 0); }},
    {"kexec", [] { return syscall(SYS_kexec_load, 0, 0, nullptr, ~0UL); }},
    {"reboot", [] { return syscall(SYS_reboot, 0, 0, 0, nullptr); }},
    {"set_clock", set_clock},
    {"set_hostname", [] { return syscall(SYS_sethostname, nullptr, -1); }},
    {"swapoff", [] { return syscall(SYS_swapoff, "/none"); }},
    {"io_uring", new_ring},
    {"bpf", new_map},
    {"perf_event_open", count_instructions},
    {"userfaultfd", [] { return syscall(SYS_userfaultfd, O_CLOEXEC); }},
    {"keyctl", [] { return syscall(SYS_keyctl, 0, -3, 1); }},
    {"add_key", [] { return syscall(SYS_add_key, "user", "polc", "x", 1, -2); }},
    {"personality", [] { return syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */); }},
    {"terminal_input", steal_terminal_input},
    {"change_memory_map", [] { return syscall(SYS_prctl, 35 /* PR_SET_MM */, 0, 0, 0, 0); }},
    {"x32", [] { return syscall(0x40000000 | SYS_getuid); }},
};

int outcome_of(const Operation& operation) {
  const pid_t child = fork();
  if (child == 0) {
    errno = 0;
    _exit(operation.attempt() >= 0 ? 0 : errno);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) return 2000 + errno;
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool enter(const char* profile) {
  const int file = open("/proc/self/attr/current", O_WRONLY | O_CLOEXEC);
  const auto request = std::string("changeprofile ") + profile;
  const bool entered = file >= 0 && write(file, request.data(), request.size()) == static_cast<ssize_t>(request.size());
  close(file);
  return entered;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  program = words[2];
  folder = words[3];
  if (std::strcmp(words[1], "-") != 0 && !enter(words[1])) return 3;
  for (const Operation& operation : operations) {
    std::printf("%s %d\n", operation.name, outcome_of(operation));
    std::fflush(stdout);
  }
  return 0;
}
