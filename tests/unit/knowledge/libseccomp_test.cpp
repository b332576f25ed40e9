// libseccomp as a second opinion on the call table: every name that both know has one number on all nine architectures.
// What only one of them knows is listed in libseccomp_lacks.txt (libseccomp 2.5.4 of Debian 12; POLC_UPDATE_GOLDEN=1).
#include <doctest/doctest.h>

#ifdef POLC_HAVE_LIBSECCOMP
#include <seccomp.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

using namespace polc;

namespace {

struct Named {
  Arch arch;
  std::uint32_t theirs;
};
constexpr Named arches[] = {
    {Arch::x86_64, SCMP_ARCH_X86_64},   {Arch::x86, SCMP_ARCH_X86},     {Arch::x32, SCMP_ARCH_X32},
    {Arch::aarch64, SCMP_ARCH_AARCH64}, {Arch::arm, SCMP_ARCH_ARM},     {Arch::riscv64, SCMP_ARCH_RISCV64},
    {Arch::ppc64le, SCMP_ARCH_PPC64LE}, {Arch::s390x, SCMP_ARCH_S390X}, {Arch::mips64, SCMP_ARCH_MIPS64},
};

/// Their names by number. Asked by number, because asked by name it answers with pseudo-numbers for what socketcall and
/// ipc can do as well, even where the call has a number of its own.
std::map<std::string, std::uint32_t> their_numbers(const Named& named) {
  std::map<std::string, std::uint32_t> result;
  const std::uint32_t base = knowledge::number_base(named.arch);
  const auto ask = [&](std::uint32_t number) {
    char* name = seccomp_syscall_resolve_num_arch(named.theirs, static_cast<int>(number));
    if (name != nullptr) result.emplace(name, number);
    std::free(name);
  };
  for (std::uint32_t number = base; number < base + 1000; ++number) ask(number);
  if (named.arch == Arch::arm)
    for (std::uint32_t number = 0xF'0000; number < 0xF'0100; ++number) ask(number);
  return result;
}

}  // namespace

TEST_CASE("call_numbers: libseccomp has the same number for each name that both know, by number and by name") {
  for (const Named& named : arches) {
    CAPTURE(name_of(named.arch));
    int compared = 0;
    for (const auto& [name, number] : their_numbers(named)) {
      const auto id = knowledge::find_call(Os::linux_os, name);
      CAPTURE(name);
      REQUIRE(id);
      CHECK(knowledge::number_of(named.arch, *id) == number);
      ++compared;
    }
    CHECK(compared > 300);
    for (const knowledge::Call& call : knowledge::calls_of(Os::linux_os)) {
      const int theirs = seccomp_syscall_resolve_name_arch(named.theirs, std::string(call.name).c_str());
      if (theirs < 0) continue;  // unknown there, or a pseudo-number
      CAPTURE(call.name);
      CHECK(knowledge::number_of(named.arch, *knowledge::find_call(Os::linux_os, call.name)) ==
            static_cast<std::uint32_t>(theirs));
    }
  }
}

TEST_CASE("call_numbers: what libseccomp lacks is listed, architecture by architecture") {
  const scmp_version* version = seccomp_version();
  if (version->major != 2 || version->minor != 5) {
    MESSAGE("skipped: the list is that of libseccomp 2.5, this is " << version->major << "." << version->minor);
    return;
  }
  std::ostringstream list;
  for (const Named& named : arches) {
    const auto theirs = their_numbers(named);
    for (const knowledge::Call& call : knowledge::calls_of(Os::linux_os)) {
      const auto number = knowledge::number_of(named.arch, *knowledge::find_call(Os::linux_os, call.name));
      if (number && !theirs.contains(std::string(call.name)))
        list << name_of(named.arch) << ' ' << call.name << ' ' << *number << '\n';
    }
  }
  const std::string path = POLC_SOURCE_DIR "/tests/unit/knowledge/libseccomp_lacks.txt";
  if (std::getenv("POLC_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << list.str();
  std::ostringstream expected;
  expected << std::ifstream(path).rdbuf();
  CHECK(list.str() == expected.str());
}

#else
TEST_CASE("call_numbers: agree with libseccomp") {
  MESSAGE("skipped: libseccomp's development files are not installed");
}
#endif
