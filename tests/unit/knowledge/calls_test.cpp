#include "knowledge/calls.hpp"

#include <doctest/doctest.h>

#include <set>

#include "knowledge/call_numbers.hpp"

using namespace polc;
using knowledge::Call;

namespace {

constexpr Os every_os[] = {Os::linux_os, Os::openbsd, Os::freebsd};

const Call& linux_call(std::string_view name) {
  const auto id = knowledge::find_call(Os::linux_os, name);
  REQUIRE_MESSAGE(id, name);
  return knowledge::call_of(Os::linux_os, *id);
}

}  // namespace

TEST_CASE("calls_of: every table is sorted, without repeats, and an id finds its own row") {
  for (const Os os : every_os) {
    const auto calls = knowledge::calls_of(os);
    REQUIRE(calls.size() > 100);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      CAPTURE(calls[i].name);
      if (i > 0) CHECK(calls[i - 1].name < calls[i].name);
      const auto id = knowledge::find_call(os, calls[i].name);
      REQUIRE(id);
      CHECK(id->value == i);
    }
  }
}

TEST_CASE("calls_of: at most six arguments, each with its own name and a width of 16, 32 or 64") {
  for (const Os os : every_os)
    for (const Call& call : knowledge::calls_of(os)) {
      CAPTURE(call.name);
      CHECK(call.arguments.size() <= 6);
      std::set<std::string_view> names;
      for (const auto& argument : call.arguments) {
        CHECK_FALSE(argument.name.empty());
        CHECK(names.insert(argument.name).second);
        CHECK((argument.width == 16 || argument.width == 32 || argument.width == 64));
        if (argument.is_pointer) CHECK((argument.width == 64 && !argument.is_signed));
      }
    }
}

TEST_CASE("find_call: an unknown name, or one of another OS, is nothing") {
  CHECK_FALSE(knowledge::find_call(Os::linux_os, "opnat"));
  CHECK_FALSE(knowledge::find_call(Os::linux_os, ""));
  CHECK_FALSE(knowledge::find_call(Os::linux_os, "kqueue"));
  CHECK_FALSE(knowledge::find_call(Os::openbsd, "epoll_wait"));
  CHECK(knowledge::find_call(Os::freebsd, "cap_enter"));
}

TEST_CASE("arguments: the kernel's widths and signs, under the man page's names") {
  const Call& socket = linux_call("socket");
  REQUIRE(socket.arguments.size() == 3);
  CHECK(socket.arguments[0].name == "domain");
  CHECK(socket.arguments[0].width == 32);
  CHECK(socket.arguments[0].is_signed);

  const Call& mmap = linux_call("mmap");
  REQUIRE(mmap.arguments.size() == 6);
  CHECK(mmap.arguments[2].name == "prot");
  CHECK(mmap.arguments[2].width == 64);
  CHECK_FALSE(mmap.arguments[2].is_signed);

  CHECK(linux_call("openat").arguments[1].is_pointer);
  CHECK(linux_call("ioctl").arguments[1].width == 32);
  CHECK_FALSE(linux_call("ioctl").arguments[1].is_signed);
  CHECK(linux_call("kill").arguments[0].is_signed);
  CHECK_FALSE(linux_call("setuid").arguments[0].is_signed);
  CHECK(linux_call("lseek").arguments[1].width == 64);
  CHECK(linux_call("lseek").arguments[1].is_signed);
  CHECK(linux_call("clone").arguments[0].width == 64);
  CHECK(linux_call("personality").arguments[0].width == 32);
  CHECK(linux_call("chmod").arguments[1].width == 16);
  CHECK(linux_call("openat").arguments[3].width == 16);
  CHECK(linux_call("access").arguments[1].width == 32);
}

TEST_CASE("since: stands at calls newer than Linux 2.6.38 and nowhere else") {
  CHECK(linux_call("openat").since.empty());
  CHECK(linux_call("clone3").since == "5.3");
  CHECK(linux_call("close_range").since == "5.9");
  CHECK(linux_call("mseal").since == "6.10");
  for (const Call& call : knowledge::calls_of(Os::linux_os)) {
    const auto id = knowledge::find_call(Os::linux_os, call.name);
    const auto number = knowledge::number_of(Arch::x86_64, *id);
    CAPTURE(call.name);
    if (!number || call.name == "getcpu") continue;  // getcpu is old, but got its number on x86_64 late
    CHECK(call.since.empty() == (*number < 303));    // 303 is name_to_handle_at, the first call of 2.6.39
  }
}

TEST_CASE("find_argument: man page names, and the names of libc and the kernel for the same thing") {
  CHECK(knowledge::find_argument(linux_call("openat"), "flags") == 2u);
  CHECK(knowledge::find_argument(linux_call("openat"), "path") == 1u);
  CHECK(knowledge::find_argument(linux_call("openat"), "dfd") == 0u);
  CHECK(knowledge::find_argument(linux_call("socket"), "family") == 0u);
  CHECK(knowledge::find_argument(linux_call("ioctl"), "op") == 1u);
  CHECK(knowledge::find_argument(linux_call("fcntl"), "op") == 1u);
  CHECK(knowledge::find_argument(linux_call("madvise"), "behavior") == 2u);
  CHECK(knowledge::find_argument(linux_call("clone"), "clone_flags") == 0u);
  CHECK(knowledge::find_argument(linux_call("epoll_ctl"), "op") == 1u);
  CHECK_FALSE(knowledge::find_argument(linux_call("socket"), "flags"));
  CHECK_FALSE(knowledge::find_argument(linux_call("getpid"), "pid"));
  CHECK_FALSE(knowledge::find_argument(linux_call("socket"), ""));
}

TEST_CASE("nearest_call: a slip of the keyboard is found, nonsense is not") {
  CHECK(knowledge::nearest_call(Os::linux_os, "opnat") == "openat");
  CHECK(knowledge::nearest_call(Os::linux_os, "mprotetc") == "mprotect");
  CHECK(knowledge::nearest_call(Os::openbsd, "kevnt") == "kevent");
  CHECK_FALSE(knowledge::nearest_call(Os::linux_os, "zzzzzzzzz"));
}
