#include "knowledge/call_arguments.hpp"

#include <doctest/doctest.h>

#include <set>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

using namespace polc;
using knowledge::ArgumentPlace;

namespace {

std::optional<ArgumentPlace> place(Arch arch, std::string_view call, std::string_view argument) {
  const auto id = knowledge::find_call(Os::linux_os, call);
  REQUIRE_MESSAGE(id, call);
  const auto number = knowledge::find_argument(knowledge::call_of(Os::linux_os, *id), argument);
  REQUIRE_MESSAGE(number, argument);
  return knowledge::place_of(arch, *id, *number);
}

}  // namespace

TEST_CASE("place_of: on 64 bits an argument stands where the table has it, as wide as the kernel reads it") {
  CHECK(place(Arch::x86_64, "openat", "flags") == ArgumentPlace{2, 2, 32});
  CHECK(place(Arch::riscv64, "mmap", "prot") == ArgumentPlace{2, 2, 64});
  CHECK(place(Arch::s390x, "pread64", "offset") == ArgumentPlace{3, 3, 64});
  CHECK(place(Arch::x32, "setuid", "uid") == ArgumentPlace{0, 0, 32});
}

TEST_CASE("place_of: on 32 bits a long has 32 bits and a file offset two registers") {
  CHECK(place(Arch::x86, "mprotect", "prot") == ArgumentPlace{2, 2, 32});
  CHECK(place(Arch::x86, "pread64", "offset") == ArgumentPlace{3, 4, 64});
  CHECK(place(Arch::arm, "pread64", "offset") == ArgumentPlace{4, 5, 64});
  CHECK(place(Arch::x86, "fadvise64_64", "advice") == ArgumentPlace{5, 5, 32});
  CHECK(place(Arch::x86, "fanotify_mark", "dirfd") == ArgumentPlace{4, 4, 32});
  CHECK(place(Arch::arm, "truncate64", "length") == ArgumentPlace{2, 3, 64});
  CHECK(place(Arch::arm, "readahead", "count") == ArgumentPlace{4, 4, 32});
}

TEST_CASE("place_of: clone's arguments stand in three orders") {
  CHECK(place(Arch::x86_64, "clone", "flags")->low == 0);
  CHECK(place(Arch::x86_64, "clone", "tls")->low == 4);
  for (const Arch arch : {Arch::x86, Arch::aarch64, Arch::arm, Arch::riscv64, Arch::ppc64le, Arch::mips64}) {
    CAPTURE(name_of(arch));
    CHECK(place(arch, "clone", "flags")->low == 0);
    CHECK(place(arch, "clone", "tls")->low == 3);
    CHECK(place(arch, "clone", "child_tid")->low == 4);
  }
  CHECK(place(Arch::s390x, "clone", "flags") == ArgumentPlace{1, 1, 64});
  CHECK(place(Arch::arm, "clone", "flags") == ArgumentPlace{0, 0, 32});
}

TEST_CASE("place_of: what lies in memory has no place") {
  CHECK_FALSE(place(Arch::x86, "mmap", "prot"));
  CHECK_FALSE(place(Arch::s390x, "mmap", "prot"));
  CHECK_FALSE(place(Arch::x86, "select", "nfds"));
  CHECK(place(Arch::x86, "mmap2", "prot") == ArgumentPlace{2, 2, 32});
  CHECK(place(Arch::s390x, "select", "nfds"));
}

TEST_CASE("place_of: the oldest calls of x86 and arm read ids of 16 bits") {
  for (const Arch arch : {Arch::x86, Arch::arm}) {
    CHECK(place(arch, "setuid", "uid") == ArgumentPlace{0, 0, 16});
    CHECK(place(arch, "fchown", "fd") == ArgumentPlace{0, 0, 32});
    CHECK(place(arch, "fchown", "group") == ArgumentPlace{2, 2, 16});
    CHECK(place(arch, "setuid32", "uid") == ArgumentPlace{0, 0, 32});
  }
}

TEST_CASE("place_of: no two arguments of a call share a register, and there are six") {
  for (std::size_t a = 0; a < arch_names.size(); ++a)
    for (const knowledge::Call& call : knowledge::calls_of(Os::linux_os)) {
      const auto arch = static_cast<Arch>(a);
      const CallId id = *knowledge::find_call(Os::linux_os, call.name);
      if (!knowledge::number_of(arch, id)) continue;
      CAPTURE(name_of(arch));
      CAPTURE(call.name);
      std::set<unsigned> used;
      for (unsigned i = 0; i < call.arguments.size(); ++i) {
        const auto at = knowledge::place_of(arch, id, i);
        if (!at) continue;
        CHECK(at->low < 6);
        CHECK(at->high < 6);
        CHECK(used.insert(at->low).second);
        if (at->high != at->low) CHECK(used.insert(at->high).second);
      }
    }
}

TEST_CASE("contents_of_registers: what each carries, and a number of its own for one that carries nothing") {
  using knowledge::RegisterContent;
  using Part = RegisterContent::Part;
  const auto of = [](Arch arch, std::string_view call) { return knowledge::contents_of_registers(arch, *knowledge::find_call(Os::linux_os, call)); };
  CHECK(of(Arch::s390x, "clone")[1] == RegisterContent{0, Part::whole});
  CHECK(of(Arch::s390x, "clone")[5] == RegisterContent{5, Part::whole});
  const auto pread = of(Arch::arm, "pread64");  // fd, buf, count, padding, offset
  CHECK(pread[2] == RegisterContent{2, Part::low});
  CHECK(pread[3] == RegisterContent{4, Part::low});
  CHECK(pread[4] == RegisterContent{3, Part::low});
  CHECK(pread[5] == RegisterContent{3, Part::high});
  CHECK(of(Arch::x86, "mmap")[4] == RegisterContent{4, Part::low});
  for (std::size_t a = 0; a < arch_names.size(); ++a)
    for (const knowledge::Call& call : knowledge::calls_of(Os::linux_os)) {
      std::set<RegisterContent> contents;
      for (const RegisterContent& one : of(static_cast<Arch>(a), call.name)) contents.insert(one);
      CAPTURE(call.name);
      CHECK(contents.size() == 6);
    }
}
