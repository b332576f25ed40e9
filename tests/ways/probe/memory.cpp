// Memory that is writable and executable at once, or executable without a file. That it is executable is shown by
// running it.
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <ucontext.h>

#include <cerrno>
#include <csetjmp>
#include <cstring>

#include "probe.hpp"

namespace ways {
namespace {

constexpr std::size_t page = 4096;
unsigned char* code = nullptr;
int object = -1;

long mapped(long address) {
  if (address == -1) return -1;
  code = reinterpret_cast<unsigned char*>(address);
  return 0;
}
long map(int prot, int flags, int file = -1) { return mapped(call(SYS_mmap, 0, page, prot, flags, file, 0)); }

void writable() {
  must(map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS), "mmap");
  std::memcpy(code, forty_two, sizeof forty_two);
}
bool code_runs() { return runs(code); }
bool writes_and_runs() {
  std::memcpy(code, forty_two, sizeof forty_two);
  return runs(code);
}

// Of empty memory the first instruction is one that writes: the fault shows whether it was fetched.
sigjmp_buf back;
volatile bool was_fetched = false;
void on_fault(int, siginfo_t*, void* context) {
  constexpr long instruction_fetch = 0x10;  // the processor's page fault code
  was_fetched = (static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & instruction_fetch) == 0;
  siglongjmp(back, 1);
}
bool is_fetched() {
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  must(sigaction(SIGSEGV, &action, nullptr), "sigaction");
  if (sigsetjmp(back, 1) == 0) (void)runs(code);
  return was_fetched;
}

void segment() {
  object = static_cast<int>(must(shmget(IPC_PRIVATE, page, IPC_CREAT | 0700), "shmget"));
  void* const place = shmat(object, nullptr, 0);
  must(place == reinterpret_cast<void*>(-1) ? -1 : 0, "shmat");
  std::memcpy(place, forty_two, sizeof forty_two);
}
long attach(int flags) { return mapped(call(SYS_shmat, object, nullptr, flags)); }

long be_legacy() {
  const long now = call(SYS_personality, 0xffffffff);
  return call(SYS_personality, now | READ_IMPLIES_EXEC);
}
bool readable_runs() { return map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS) == 0 && writes_and_runs(); }

/// A mapping of a file that is memory only.
long map_memory_file() {
  object = static_cast<int>(call(SYS_memfd_create, "code", MFD_CLOEXEC));
  if (object < 0 || write(object, forty_two, sizeof forty_two) < 0) return -1;
  return map(PROT_READ | PROT_EXEC, MAP_PRIVATE, object);
}

// ---- pages that another hand fills

/// Of a mapping that may not be written.
bool fills(int prot, int flags, int file) {
  uffdio_api api{UFFD_API, 0, 0};
  if (ioctl(object, UFFDIO_API, &api) < 0 || map(prot, flags, file) < 0) return false;
  alignas(page) static unsigned char bytes[page];
  std::memcpy(bytes, forty_two, sizeof forty_two);
  const auto at = reinterpret_cast<std::uint64_t>(code);
  uffdio_register wanted{{at, page}, UFFDIO_REGISTER_MODE_MISSING, 0};
  uffdio_copy copy{at, reinterpret_cast<std::uint64_t>(bytes), page, 0, 0};
  return ioctl(object, UFFDIO_REGISTER, &wanted) == 0 && ioctl(object, UFFDIO_COPY, &copy) == 0 && runs(code);
}
bool fills_memory() { return fills(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1); }
bool fills_mapping() {
  make_file("code");
  return fills(PROT_READ | PROT_EXEC, MAP_PRIVATE, open("code", O_RDONLY | O_CLOEXEC));
}
long watch_faults() { return object = static_cast<int>(call(SYS_userfaultfd, O_CLOEXEC)); }

constexpr int rwx = PROT_READ | PROT_WRITE | PROT_EXEC;
constexpr int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
constexpr Probe probes[] = {
    {"mmap-rwx", nullptr, [] { return map(rwx, anonymous); }, writes_and_runs},
    {"mmap-rwx-shared", nullptr, [] { return map(rwx, MAP_SHARED | MAP_ANONYMOUS); }, writes_and_runs},
    {"mmap-rx", nullptr, [] { return map(PROT_READ | PROT_EXEC, anonymous); }, is_fetched},
    {"mmap-x", nullptr, [] { return map(PROT_EXEC, anonymous); }, is_fetched},
    {"mprotect-rwx", writable, [] { return call(SYS_mprotect, code, page, rwx); }, writes_and_runs},
    {"mprotect-rx", writable, [] { return call(SYS_mprotect, code, page, PROT_READ | PROT_EXEC); }, code_runs},
    {"pkey_mprotect-rwx", writable, [] { return call(SYS_pkey_mprotect, code, page, rwx, -1); }, writes_and_runs},
    {"pkey_mprotect-rx", writable, [] { return call(SYS_pkey_mprotect, code, page, PROT_READ | PROT_EXEC, -1); },
     code_runs},
    {"shmat-rwx", segment, [] { return attach(SHM_EXEC); }, writes_and_runs},
    {"shmat-rx", segment, [] { return attach(SHM_EXEC | SHM_RDONLY); }, code_runs},
    {"personality", nullptr, be_legacy, readable_runs},
    {"userfaultfd", nullptr, watch_faults, fills_memory},
    {"userfaultfd-file", nullptr, watch_faults, fills_mapping},
    {"memfd_create", nullptr, map_memory_file, code_runs},
};

}  // namespace

std::span<const Probe> memory_probes() { return probes; }

}  // namespace ways
