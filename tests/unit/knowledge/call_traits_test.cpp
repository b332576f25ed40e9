#include "knowledge/call_traits.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

using namespace polc;

namespace {

CallId call(std::string_view name) {
  const auto id = knowledge::find_call(Os::linux_os, name);
  REQUIRE_MESSAGE(id, name);
  return *id;
}

std::set<std::string_view> family(std::string_view name) {
  std::set<std::string_view> names;
  for (const CallId id : knowledge::family_of(call(name))) names.insert(knowledge::call_of(Os::linux_os, id).name);
  return names;
}

}  // namespace

TEST_CASE("cannot_fail: the calls whose result nobody checks") {
  for (const char* name : {"getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getpgrp", "umask",
                           "rt_sigprocmask", "rt_sigreturn", "brk", "munmap", "close", "exit", "exit_group"})
    CHECK_MESSAGE(knowledge::cannot_fail(call(name)), name);
  for (const char* name : {"open", "setuid", "kill", "clone3", "read"})
    CHECK_FALSE_MESSAGE(knowledge::cannot_fail(call(name)), name);
}

TEST_CASE("falls_back: the calls that should answer ENOSYS where they are not allowed") {
  for (const char* name : {"clone3", "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register", "statx",
                           "faccessat2", "rseq", "close_range", "epoll_pwait2", "clock_gettime64"})
    CHECK_MESSAGE(knowledge::falls_back(call(name)), name);
  for (const char* name : {"clone", "openat", "execve", "socket", "ptrace", "getpid"})
    CHECK_FALSE_MESSAGE(knowledge::falls_back(call(name)), name);
}

TEST_CASE("cannot_fail, falls_back: every row of their table names a call") {
  int rows = 0;
  for (const knowledge::Call& each : knowledge::calls_of(Os::linux_os)) {
    const CallId id = call(each.name);
    CHECK_FALSE((knowledge::cannot_fail(id) && knowledge::falls_back(id)));
    rows += knowledge::cannot_fail(id) || knowledge::falls_back(id);
  }
  std::ifstream table(POLC_SOURCE_DIR "/src/knowledge/linux_reactions.inc");
  int in_table = 0;
  for (std::string line; std::getline(table, line);) in_table += line.starts_with("{");
  CHECK(rows == in_table);
}

TEST_CASE("family_of: the calls that libc takes for one another") {
  CHECK(family("open") == std::set<std::string_view>{"creat", "open", "openat", "openat2"});
  CHECK(family("openat2") == family("open"));
  CHECK(family("fork") == std::set<std::string_view>{"clone", "clone3", "fork", "vfork"});
  CHECK(family("statx").contains("newfstatat"));
  CHECK(family("clock_gettime64").contains("clock_gettime"));
  CHECK(family("futex") == std::set<std::string_view>{"futex", "futex_time64"});
  CHECK(family("futex_wait") == std::set<std::string_view>{"futex_wait"});
  CHECK(family("read") == std::set<std::string_view>{"read"});
}

TEST_CASE("family_of: every call is in one family, which is the same for all its members") {
  for (const knowledge::Call& each : knowledge::calls_of(Os::linux_os)) {
    CAPTURE(each.name);
    const auto members = knowledge::family_of(call(each.name));
    for (const CallId member : members) CHECK(knowledge::family_of(member) == members);
  }
}

TEST_CASE("is_newer: releases are compared as numbers") {
  CHECK(knowledge::is_newer("5.10", "5.9"));
  CHECK_FALSE(knowledge::is_newer("5.9", "5.10"));
  CHECK_FALSE(knowledge::is_newer("5.9", "5.9"));
  CHECK(knowledge::is_newer("5.9", "4.19"));
  CHECK_FALSE(knowledge::is_newer("", "2.6"));
  CHECK_FALSE(knowledge::is_newer("2.6.39", "3.0"));
}

TEST_CASE("multiplexed: socketcall and ipc, where the architecture has them") {
  const auto socket = knowledge::multiplexed(Arch::x86, call("socket"));
  REQUIRE(socket);
  CHECK(socket->through == call("socketcall"));
  CHECK(socket->selector == 1);
  const auto shmget = knowledge::multiplexed(Arch::s390x, call("shmget"));
  REQUIRE(shmget);
  CHECK(shmget->through == call("ipc"));
  CHECK(shmget->selector == 23);
  CHECK(shmget->mask == 0xFFFF);
  for (const Arch arch : {Arch::x86_64, Arch::x32, Arch::aarch64, Arch::riscv64, Arch::mips64}) {
    CHECK_FALSE(knowledge::multiplexed(arch, call("socket")));
    CHECK_FALSE(knowledge::multiplexed(arch, call("shmget")));
  }
  CHECK_FALSE(knowledge::multiplexed(Arch::x86, call("open")));
}
