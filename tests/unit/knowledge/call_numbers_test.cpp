#include "knowledge/call_numbers.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "knowledge/calls.hpp"

using namespace polc;

namespace {

constexpr Arch every_arch[] = {Arch::x86_64,  Arch::x86,     Arch::x32,   Arch::aarch64, Arch::arm,
                               Arch::riscv64, Arch::ppc64le, Arch::s390x, Arch::mips64};

std::optional<std::uint32_t> number(Arch arch, std::string_view name) {
  const auto id = knowledge::find_call(Os::linux_os, name);
  return id ? knowledge::number_of(arch, *id) : std::nullopt;
}

/// The names at the start of the rows of a table in src/knowledge, in order.
std::vector<std::string> names_in(const std::string& file) {
  std::ifstream in(POLC_SOURCE_DIR "/src/knowledge/" + file);
  REQUIRE_MESSAGE(in, file);
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("{\"")) names.push_back(line.substr(2, line.find('"', 2) - 2));
  return names;
}

}  // namespace

TEST_CASE("number_of: the numbers and the arguments are tables with the same rows") {
  CHECK(names_in("linux_numbers.inc") == names_in("linux_calls.inc"));
}

TEST_CASE("number_of: one call on nine architectures, each as its filters see it") {
  const std::uint32_t openat[] = {257, 295, 0x4000'0101, 56, 322, 56, 286, 288, 5247};
  for (std::size_t i = 0; i < std::size(every_arch); ++i) {
    CAPTURE(name_of(every_arch[i]));
    CHECK(number(every_arch[i], "openat") == openat[i]);
  }
  CHECK(number(Arch::x32, "execve") == 0x4000'0208u);
  CHECK(number(Arch::arm, "set_tls") == 0xF'0005u);
}

TEST_CASE("number_of: a call that an architecture lacks has no number there") {
  CHECK_FALSE(number(Arch::x86_64, "socketcall"));
  CHECK_FALSE(number(Arch::aarch64, "open"));
  CHECK_FALSE(number(Arch::riscv64, "renameat"));
  CHECK_FALSE(number(Arch::s390x, "accept"));
  CHECK_FALSE(number(Arch::mips64, "clock_gettime64"));
  CHECK_FALSE(number(Arch::x32, "uretprobe"));
}

TEST_CASE("number_of: from pidfd_send_signal on, a call has the same number everywhere") {
  const std::uint32_t first = *number(Arch::x86_64, "pidfd_send_signal");
  CHECK(first == 424);
  int compared = 0;
  for (const knowledge::Call& call : knowledge::calls_of(Os::linux_os)) {
    const auto here = number(Arch::x86_64, call.name);
    if (!here || *here < first) continue;
    for (const Arch arch : every_arch)
      if (const auto there = number(arch, call.name)) {
        CAPTURE(call.name);
        CHECK(*there - knowledge::number_base(arch) == *here);
        ++compared;
      }
  }
  CHECK(compared > 400);
}

TEST_CASE("call_with: finds each call by its number, and nothing at other numbers") {
  for (const Arch arch : every_arch) {
    CAPTURE(name_of(arch));
    int found = 0;
    for (const knowledge::Call& call : knowledge::calls_of(Os::linux_os)) {
      const CallId id = *knowledge::find_call(Os::linux_os, call.name);
      const auto its_number = knowledge::number_of(arch, id);
      if (!its_number) continue;
      CAPTURE(call.name);
      CHECK(knowledge::call_with(arch, *its_number) == id);  // so no number is given twice
      ++found;
    }
    CHECK(found > 300);
    for (const std::uint32_t nothing : {0xFFFF'FFFFu, 0x7FFF'FFFFu, 0x8000'0000u, 0x4000'FFFFu, 100'000u})
      CHECK_FALSE(knowledge::call_with(arch, nothing));
  }
  CHECK_FALSE(knowledge::call_with(Arch::x32, 0));
  CHECK_FALSE(knowledge::call_with(Arch::mips64, 0));
  CHECK_FALSE(knowledge::call_with(Arch::x86_64, 0x4000'0000));
}

TEST_CASE("audit_arch and its kin: what tells the architectures apart") {
  CHECK(knowledge::audit_arch(Arch::x86_64) == 0xC000'003E);
  CHECK(knowledge::audit_arch(Arch::x86_64) == knowledge::audit_arch(Arch::x32));
  std::set<std::uint32_t> seen;
  for (const Arch arch : every_arch) {
    CAPTURE(name_of(arch));
    const std::uint32_t audit = knowledge::audit_arch(arch);
    if (arch != Arch::x32) CHECK(seen.insert(audit).second);
    CHECK(((audit & 0x8000'0000) != 0) == (knowledge::register_bits(arch) == 64));
    CHECK(((audit & 0x4000'0000) == 0) == knowledge::is_big_endian(arch));
  }
  CHECK(knowledge::is_32bit(Arch::x32));
  CHECK(knowledge::is_32bit(Arch::arm));
  CHECK_FALSE(knowledge::is_32bit(Arch::mips64));
}

TEST_CASE("number_of: agrees with this host's unistd_64.h, wherever that header knows the name") {
  std::ifstream header;
  for (const char* path : {"/usr/include/asm/unistd_64.h", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"})
    if (!header.is_open() || !header) {
      header.clear();
      header.open(path);
    }
  if (!header) {
    MESSAGE("skipped: this host has no unistd_64.h");
    return;
  }
  int compared = 0;
  for (std::string line; std::getline(header, line);) {
    if (!line.starts_with("#define __NR_")) continue;
    const std::size_t blank = line.find(' ', 13);
    if (blank == std::string::npos) continue;
    CAPTURE(line);
    const auto theirs = static_cast<std::uint32_t>(std::stoul(line.substr(blank)));
    CHECK(number(Arch::x86_64, line.substr(13, blank - 13)) == theirs);
    ++compared;
  }
  CHECK(compared > 300);
}
