#include "machines.hpp"

#include <seccomp.h>

#include <algorithm>
#include <map>

#include "support/check.hpp"

namespace polc::calls {
namespace {

constexpr std::uint32_t audit_x86_64 = 0xC000'003E;

constexpr Machine all_machines[] = {
    {"x86_64", SCMP_ARCH_X86_64, audit_x86_64, false, false},
    {"x86", SCMP_ARCH_X86, SCMP_ARCH_X86, true, false},
    {"x32", SCMP_ARCH_X32, audit_x86_64, false, false},
    {"aarch64", SCMP_ARCH_AARCH64, SCMP_ARCH_AARCH64, false, false},
    {"arm", SCMP_ARCH_ARM, SCMP_ARCH_ARM, true, false},
    {"riscv64", SCMP_ARCH_RISCV64, SCMP_ARCH_RISCV64, false, false},
    {"ppc64le", SCMP_ARCH_PPC64LE, SCMP_ARCH_PPC64LE, false, false},
    {"s390x", SCMP_ARCH_S390X, SCMP_ARCH_S390X, false, true},
    {"mips64", SCMP_ARCH_MIPS64, SCMP_ARCH_MIPS64, false, true},
};

Kind kind_of(std::string_view word) {
  static const std::map<std::string_view, Kind> kinds{
      {"int", Kind::integer}, {"uint", Kind::count},  {"mode", Kind::mode},
      {"id", Kind::id},       {"long", Kind::length}, {"ulong", Kind::word},
      {"ptr", Kind::word},    {"loff", Kind::offset}, {"u64", Kind::mask64}};
  const auto at = kinds.find(word);
  POLC_CHECK(at != kinds.end(), "a kind of argument that there is");
  return at->second;
}

// Each a line: the name, then its arguments, as fs/, mm/, kernel/, ipc/ and net/ of Linux 6.18 define them.
constexpr std::string_view table[] = {
    "read fd:uint buf:ptr count:ulong",
    "write fd:uint buf:ptr count:ulong",
    "flock fd:uint operation:uint",
    "fsync fd:uint",
    "fork",
    "vfork",
    "open pathname:ptr flags:int mode:mode",
    "openat dirfd:int pathname:ptr flags:int mode:mode",
    "creat pathname:ptr mode:mode",
    "chmod pathname:ptr mode:mode",
    "fchmod fd:uint mode:mode",
    "mkdirat dirfd:int pathname:ptr mode:mode",
    "mknod pathname:ptr mode:mode dev:uint",
    "lseek fd:uint offset:long whence:uint",
    "truncate path:ptr length:long",
    "truncate64 path:ptr length:loff",
    "ftruncate64 fd:uint length:loff",
    "pread64 fd:uint buf:ptr count:ulong offset:loff",
    "pwrite64 fd:uint buf:ptr count:ulong offset:loff",
    "preadv fd:ulong iov:ptr iovcnt:ulong pos_l:ulong pos_h:ulong",
    "readahead fd:int offset:loff count:ulong",
    "fadvise64 fd:int offset:loff len:ulong advice:int",
    "fadvise64_64 fd:int offset:loff len:loff advice:int",
    "arm_fadvise64_64 fd:int advice:int offset:loff len:loff",
    "sync_file_range fd:int offset:loff nbytes:loff flags:uint",
    "sync_file_range2 fd:int flags:uint offset:loff nbytes:loff",
    "fallocate fd:int mode:int offset:loff len:loff",
    "fanotify_mark fanotify_fd:int flags:uint mask:u64 dirfd:int pathname:ptr",
    "lookup_dcookie cookie:u64 buffer:ptr len:ulong",
    "mmap addr:ulong length:ulong prot:ulong flags:ulong fd:ulong offset:ulong",
    "mmap2 addr:ulong length:ulong prot:ulong flags:ulong fd:ulong pgoffset:ulong",
    "mprotect addr:ulong len:ulong prot:ulong",
    "pkey_mprotect addr:ulong len:ulong prot:ulong pkey:int",
    "madvise addr:ulong length:ulong advice:int",
    "select nfds:int readfds:ptr writefds:ptr exceptfds:ptr timeout:ptr",
    "clone flags:ulong stack:ulong parent_tid:ptr child_tid:ptr tls:ulong",
    "unshare flags:ulong",
    "setns fd:int nstype:int",
    "personality persona:uint",
    "prctl option:int arg2:ulong arg3:ulong arg4:ulong arg5:ulong",
    "ioctl fd:uint request:uint arg:ulong",
    "fcntl fd:uint cmd:uint arg:ulong",
    "fcntl64 fd:uint cmd:uint arg:ulong",
    "socket domain:int type:int protocol:int",
    "socketpair domain:int type:int protocol:int sv:ptr",
    "socketcall call:int args:ptr",
    "ipc call:uint first:int second:ulong third:ulong ptr:ptr fifth:long",
    "shmat shmid:int shmaddr:ptr shmflg:int",
    "kill pid:int sig:int",
    "tgkill tgid:int tid:int sig:int",
    "setuid uid:id",
    "setreuid ruid:id euid:id",
    "setresuid ruid:id euid:id suid:id",
    "setgid gid:id",
    "chown pathname:ptr owner:id group:id",
    "fchown fd:uint owner:id group:id",
    "setuid32 uid:uint",
    "fchownat dirfd:int pathname:ptr owner:uint group:uint flags:int",
    "getrandom buf:ptr buflen:ulong flags:uint",
    "open_tree dfd:int filename:ptr flags:uint",
    "fsmount fs_fd:int flags:uint attr_flags:uint",
};

// libseccomp has a number of its own for what socketcall and ipc do as well; the kernel's tables have these.
struct Beside {
  std::string_view call, machine;
  std::uint32_t number;
};
constexpr Beside beside_multiplexers[] = {
    {"socket", "x86", 359},     {"socket", "s390x", 359},     {"socket", "ppc64le", 326},
    {"socketpair", "x86", 360}, {"socketpair", "s390x", 360}, {"socketpair", "ppc64le", 333},
    {"shmat", "x86", 397},      {"shmat", "s390x", 397},      {"shmat", "ppc64le", 397},
};

Shape shape_from(std::string_view line) {
  const auto word = [&] {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view taken = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return taken;
  };
  Shape shape{word(), {}};
  while (!line.empty()) {
    const std::string_view argument = word();
    const std::size_t colon = argument.find(':');
    shape.arguments.push_back({argument.substr(0, colon), kind_of(argument.substr(colon + 1))});
  }
  return shape;
}

bool is_wide(Kind kind) { return kind == Kind::offset || kind == Kind::mask64; }

// CLONE_BACKWARDS2 is s390's; the x86_64 ABIs have none of them; all others take tls before child_tid
// (CLONE_BACKWARDS).
std::uint8_t register_of_clone(unsigned argument, std::string_view machine) {
  if (machine == "s390x" && argument < 2) return static_cast<std::uint8_t>(1 - argument);
  const bool is_backward = machine != "s390x" && machine != "x86_64" && machine != "x32";
  if (is_backward && argument > 2) return static_cast<std::uint8_t>(7 - argument);
  return static_cast<std::uint8_t>(argument);
}

}  // namespace

std::span<const Machine> machines() { return all_machines; }

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = [] {
    std::vector<Shape> read;
    for (const std::string_view line : table) read.push_back(shape_from(line));
    return read;
  }();
  return all;
}

const Shape& shape_of(std::string_view call) {
  const auto at =
      std::find_if(shapes().begin(), shapes().end(), [&](const Shape& shape) { return shape.name == call; });
  POLC_CHECK(at != shapes().end(), "a call of this table");
  return *at;
}

std::optional<std::uint32_t> number_of(std::string_view call, const Machine& machine) {
  const int number = seccomp_syscall_resolve_name_arch(machine.token, std::string(call).c_str());
  if (number < -99 && number > -10000)
    for (const auto& [name, of, own] : beside_multiplexers)
      if (name == call && of == machine.name) return own;
  return number < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
}

// sys_old_mmap, sys_old_select.
bool is_in_memory(const Shape& shape, const Machine& machine) {
  return (shape.name == "mmap" && (machine.name == "x86" || machine.name == "s390x")) ||
         (shape.name == "select" && machine.name == "x86");
}

std::optional<Place> place_of(const Shape& shape, unsigned argument, const Machine& machine) {
  if (is_in_memory(shape, machine)) return std::nullopt;
  if (shape.name == "clone") {
    const std::uint8_t at = register_of_clone(argument, machine.name);
    return Place{at, at};
  }
  std::uint8_t at = 0;
  for (unsigned i = 0;; ++i) {
    const bool is_pair = machine.is_narrow && is_wide(shape.arguments[i].kind);
    if (is_pair && machine.name == "arm" && at % 2 == 1) ++at;
    const auto last = static_cast<std::uint8_t>(at + (is_pair ? 1 : 0));
    if (i == argument) return Place{at, last};
    at = static_cast<std::uint8_t>(last + 1);
  }
}

Value value_of(const Shape& shape, unsigned argument, const Machine& machine, const Registers& registers) {
  const Place place = *place_of(shape, argument, machine);
  const std::uint64_t one = registers[place.low];
  const std::uint64_t whole = place.low == place.high ? one : (one & 0xFFFF'FFFF) | registers[place.high] << 32;
  const auto extended = [&] {
    return static_cast<std::uint64_t>(static_cast<std::int32_t>(static_cast<std::uint32_t>(one)));
  };
  switch (shape.arguments[argument].kind) {
    case Kind::integer: return {extended(), 32, true};
    case Kind::count: return {one & 0xFFFF'FFFF, 32, false};
    case Kind::mode: return {one & 0xFFFF, 16, false};
    case Kind::id: return machine.is_narrow ? Value{one & 0xFFFF, 16, false} : Value{one & 0xFFFF'FFFF, 32, false};
    case Kind::length: return machine.is_narrow ? Value{extended(), 64, true} : Value{one, 64, true};
    case Kind::word: return machine.is_narrow ? Value{one & 0xFFFF'FFFF, 64, false, true} : Value{one, 64, false};
    case Kind::offset: return {whole, 64, true};
    case Kind::mask64: return {whole, 64, false};
  }
  return {};
}

// asm-generic/errno.h, and MIPS's own.
std::uint32_t errno_of(std::string_view name, const Machine& machine) {
  struct Row {
    std::string_view name;
    std::uint32_t usual, mips;
  };
  static constexpr Row rows[] = {{"EPERM", 1, 1},        {"EACCES", 13, 13},     {"EINVAL", 22, 22},
                                 {"ENOSYS", 38, 89},     {"ELOOP", 40, 90},      {"EADDRINUSE", 98, 125},
                                 {"ENETDOWN", 100, 127}, {"ETIMEDOUT", 110, 145}};
  for (const Row& row : rows)
    if (row.name == name) return machine.name == "mips64" ? row.mips : row.usual;
  POLC_CHECK(false, "an errno of this table");
  return 0;
}

}  // namespace polc::calls
