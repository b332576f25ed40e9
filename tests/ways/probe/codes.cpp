// Programs that are executed, and files that are mapped as code.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>

#include "probe.hpp"

namespace ways {
namespace {

constexpr std::size_t page = 4096;
unsigned char* code = nullptr;
int opened = -1;

// ---- programs: this one, which says that it was executed

char name[] = "probe", option[] = "--executed";
char* const words[] = {name, option, nullptr};
char* const none[] = {nullptr};
const char* const self = "/proc/self/exe";
void with_program() { opened = static_cast<int>(must(open(self, O_PATH | O_CLOEXEC), self)); }

// ---- code

void with_code() {
  opened = static_cast<int>(must(open("code", O_CREAT | O_RDWR | O_CLOEXEC, 0700), "code"));
  must(write(opened, forty_two, sizeof forty_two), "code");
}
void with_mapped_code() {
  with_code();
  code = static_cast<unsigned char*>(mmap(nullptr, page, PROT_READ, MAP_PRIVATE, opened, 0));
  must(code == MAP_FAILED ? -1 : 0, "mmap");
}
long map(int prot) {
  const long address = call(SYS_mmap, 0, page, prot, MAP_PRIVATE, opened, 0);
  code = reinterpret_cast<unsigned char*>(address);
  return address == -1 ? -1 : 0;
}
bool code_runs() { return runs(code); }
long be_legacy() { return call(SYS_personality, call(SYS_personality, 0xffffffff) | READ_IMPLIES_EXEC); }
bool readable_code_runs() { return map(PROT_READ) == 0 && runs(code); }

constexpr int rx = PROT_READ | PROT_EXEC;
constexpr Probe probes[] = {
    {"execve", nullptr, [] { return call(SYS_execve, self, words, none); }, nullptr},
    {"execveat", nullptr, [] { return call(SYS_execveat, AT_FDCWD, self, words, none, 0); }, nullptr},
    {"execveat-descriptor", with_program, [] { return call(SYS_execveat, opened, "", words, none, AT_EMPTY_PATH); },
     nullptr},
    {"mmap-file", with_code, [] { return map(rx); }, code_runs},
    {"mprotect-file", with_mapped_code, [] { return call(SYS_mprotect, code, page, rx); }, code_runs},
    {"pkey_mprotect-file", with_mapped_code, [] { return call(SYS_pkey_mprotect, code, page, rx, -1); }, code_runs},
    {"personality-file", with_code, be_legacy, readable_code_runs},
    {"uselib", with_code, [] { return call(SYS_uselib, "code"); }, nullptr},
};

}  // namespace

std::span<const Probe> code_probes() { return probes; }

}  // namespace ways
