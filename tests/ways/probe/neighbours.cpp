// What stands beside the ways: it must still work where they are refused.
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>

#include "probe.hpp"

namespace ways {
namespace {

constexpr std::size_t page = 4096;
int opened = -1;
unsigned char* memory = nullptr;

long map(int prot, int flags, int file) {
  const long address = call(SYS_mmap, 0, page, prot, flags, file, 0);
  memory = reinterpret_cast<unsigned char*>(address);
  return address == -1 ? -1 : 0;
}
bool is_writable() { return (memory[0] = 7) == 7; }
void with_memory() { must(map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1), "mmap"); }
void with_file() { opened = static_cast<int>(must(open("file", O_CREAT | O_RDWR | O_CLOEXEC, 0600), "file")); }
void with_written_file() {
  with_file();
  must(write(opened, "bytes", 5), "write");
}
void with_segment() { opened = static_cast<int>(must(shmget(IPC_PRIVATE, page, IPC_CREAT | 0600), "shmget")); }
long attach_segment() {
  const long address = call(SYS_shmat, opened, nullptr, 0);
  memory = reinterpret_cast<unsigned char*>(address);
  return address == -1 ? -1 : 0;
}

long open_and_write() {
  opened = static_cast<int>(call(SYS_openat, AT_FDCWD, "file", O_WRONLY));
  return call(SYS_write, opened, "x", 1);
}
void with_pair() {
  int both[2];
  must(socketpair(AF_UNIX, SOCK_DGRAM, 0, both), "socketpair");
  opened = both[0];
}

constexpr unsigned keep = 0xffffffff;
constexpr Probe probes[] = {
    {"map-memory", nullptr, [] { return map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1); }, is_writable},
    {"map-file", with_written_file, [] { return map(PROT_READ | PROT_WRITE, MAP_SHARED, opened); },
     [] { return memory[0] == 'b'; }},
    {"make-writable", with_memory, [] { return call(SYS_mprotect, memory, page, PROT_READ | PROT_WRITE); },
     is_writable},
    {"attach-segment", with_segment, attach_segment, is_writable},
    {"ask-personality", nullptr, [] { return call(SYS_personality, 0xffffffff); }, nullptr},
    {"other-personality", nullptr, [] { return call(SYS_personality, ADDR_NO_RANDOMIZE); }, nullptr},
    {"ask-flags", with_file, [] { return call(SYS_fcntl, opened, F_GETFL); }, nullptr},
    {"set-flags", with_file, [] { return call(SYS_fcntl, opened, F_SETFL, O_NONBLOCK); }, nullptr},
    {"ask-descriptor-flags", with_file, [] { return call(SYS_fcntl, opened, F_GETFD); }, nullptr},
    {"open-path", with_file, [] { return call(SYS_openat, AT_FDCWD, "file", O_PATH); }, nullptr},
    {"read-descriptor", with_written_file, [] { return call(SYS_lseek, opened, 0, SEEK_SET); }, nullptr},
    {"write-descriptor", with_file, [] { return call(SYS_write, opened, "x", 1); }, nullptr},
    {"open-and-write", with_file, open_and_write, nullptr},
    {"send-to-pair", with_pair, [] { return call(SYS_sendto, opened, "x", 1, 0, nullptr, 0); }, nullptr},
    {"keep-user", nullptr, [] { return call(SYS_setresuid, keep, keep, keep); }, nullptr},
    {"keep-group", nullptr, [] { return call(SYS_setresgid, keep, keep, keep); }, nullptr},
    {"be-user-0", nullptr, [] { return call(SYS_setuid, 0); }, nullptr},
    {"signal-nothing", nullptr, [] { return call(SYS_kill, getpid(), 0); }, nullptr},
    {"own-robust-list", nullptr,
     [] {
       void* head;
       std::size_t size;
       return call(SYS_get_robust_list, 0, &head, &size);
     },
     nullptr},
    {"name-thread", nullptr, [] { return call(SYS_prctl, PR_SET_NAME, "ways"); }, nullptr},
    {"fallocate-keep", with_file, [] { return call(SYS_fallocate, opened, FALLOC_FL_KEEP_SIZE, 0, page); }, nullptr},
};

}  // namespace

std::span<const Probe> neighbour_probes() { return probes; }

}  // namespace ways
