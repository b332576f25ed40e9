// The tables of how accesses and calls go together: every row is one, on every architecture, and says what it should.
#include "knowledge/relation.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

namespace polc {
namespace {

using knowledge::ArgumentTest;
using knowledge::CallPattern;
using knowledge::Compare;
using knowledge::Condition;
using knowledge::Parameter;
using knowledge::Range;
using knowledge::Relation;
using Arguments = std::array<std::uint64_t, 6>;
using Names = std::set<std::string_view>;

constexpr Arch every_arch[] = {Arch::x86_64, Arch::x86,     Arch::x32,   Arch::aarch64, Arch::arm,
                               Arch::riscv64, Arch::ppc64le, Arch::s390x, Arch::mips64};

std::int64_t as_signed(std::uint64_t value, unsigned width) {
  return width == 32 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value)) : static_cast<std::int64_t>(value);
}

bool holds(const ArgumentTest& test, const Arguments& arguments) {
  std::uint64_t value = arguments[test.argument] & test.mask;
  const std::uint64_t mask = test.width < 64 ? (std::uint64_t{1} << test.width) - 1 : ~std::uint64_t{0};
  value &= mask;
  switch (test.op) {
    case Compare::equal: return value == (test.value & mask);
    case Compare::not_equal: return value != (test.value & mask);
    case Compare::greater: return test.is_signed ? as_signed(value, test.width) > as_signed(test.value, test.width) : value > test.value;
    case Compare::greater_equal: return value >= test.value;
    case Compare::less_equal: return value <= test.value;
    case Compare::less: break;
  }
  FAIL("no row asks for less");
  return false;
}

bool holds(const Condition& condition, const Arguments& arguments) {
  if (condition.kind == Condition::Kind::test) return holds(condition.test, arguments);
  const bool all = condition.kind == Condition::Kind::conjunction;
  for (const Condition& term : condition.terms)
    if (holds(term, arguments) != all) return !all;
  return all;
}

/// What rules would name, for every parameter that a row may have.
std::vector<Parameter> parameters() {
  return {{"$mode", {{0644, 0644}}}, {"$id", {{101, 101}, {500, 600}}}, {"$sig", {{15, 15}}}, {"$request", {{0x5401, 0x5401}}}, {"$kinds", {{0x20000, 0x20000}}}};
}

bool permits(const std::vector<CallPattern>& patterns, std::string_view call, const Arguments& arguments) {
  const auto id = knowledge::find_call(Os::linux_os, call);
  REQUIRE(id.has_value());
  for (const CallPattern& pattern : patterns)
    if (pattern.call == *id && holds(pattern.where, arguments)) return true;
  return false;
}

std::vector<CallPattern> patterns(Relation relation, std::string_view access, std::string_view of, std::optional<Arch> arch = {}) {
  const auto rows = knowledge::find_rows(Os::linux_os, relation, access, of);
  const auto given = parameters();
  return knowledge::patterns_of(rows, Os::linux_os, arch, given);
}

std::vector<CallPattern> patterns(Relation relation, FileVerbs verbs, FileType type) {
  std::vector<const knowledge::Row*> rows;
  for (const knowledge::Row& row : knowledge::rows_of(Os::linux_os))
    if (row.verbs == verbs && row.types.contains(type) && row.relation == relation) rows.push_back(&row);
  const auto given = parameters();
  return knowledge::patterns_of(rows, Os::linux_os, {}, given);
}

std::uint64_t constant(std::string_view name) { return knowledge::find_constant(Os::linux_os, name).value(); }

}  // namespace

TEST_CASE("every row is of something, and compiles on every architecture that it is for") {
  const auto given = parameters();
  for (const Os os : {Os::linux_os, Os::openbsd, Os::freebsd})
    for (const knowledge::Row& row : knowledge::rows_of(os)) {
      INFO(row.access, " ", row.of, " ", row.call, " where ", row.condition);
      CHECK(knowledge::find_call(os, row.call).has_value());
      CHECK(row.verbs.empty() == row.types.empty());
      if (row.relation == Relation::file) {  // a path, no condition
        CHECK(row.condition.starts_with('/'));
        continue;
      }
      std::size_t places = 0;
      for (const Arch arch : every_arch) places += knowledge::pattern_of(row, os, arch, given).has_value();
      CHECK(places > 0);
      if (os != Os::linux_os) continue;
      std::string_view left = row.architectures;
      while (!left.empty()) {
        const std::size_t end = std::min(left.find(' '), left.size());
        const auto arch = find_arch(left.substr(0, end));
        REQUIRE(arch.has_value());
        CHECK(knowledge::number_of(*arch, *knowledge::find_call(os, row.call)).has_value());
        left.remove_prefix(std::min(end + 1, left.size()));
      }
    }
}

TEST_CASE("no row stands twice") {
  for (const Os os : {Os::linux_os, Os::openbsd, Os::freebsd}) {
    std::set<std::array<std::string_view, 6>> seen;
    for (const knowledge::Row& row : knowledge::rows_of(os)) {
      INFO(row.access, " ", row.of, " ", row.call, " where ", row.condition);
      const std::string_view kind = knowledge::is_brought(row.relation) ? "brings" : knowledge::is_way(row.relation) ? "way" : "beside a way";
      CHECK(seen.insert({row.access, row.of, row.call, row.condition, row.architectures, kind}).second);
    }
  }
}

TEST_CASE("implied_file_verbs: the table of the language, closed under itself") {
  std::set<std::pair<FileVerb, FileVerb>> pairs;
  for (const auto& entry : knowledge::implied_file_verbs()) pairs.emplace(entry.of, entry.also);
  CHECK(pairs == std::set<std::pair<FileVerb, FileVerb>>{{FileVerb::read, FileVerb::stat},
                                                         {FileVerb::write, FileVerb::append},
                                                         {FileVerb::exec, FileVerb::read},
                                                         {FileVerb::exec, FileVerb::map},
                                                         {FileVerb::exec, FileVerb::stat}});
}

TEST_CASE("an allow brings what libcs need, and no more") {
  const auto fork = patterns(Relation::brings, "fork", "");
  CHECK(permits(fork, "clone", {0x1200011}));       // glibc
  CHECK(permits(fork, "clone", {0x4111}));          // posix_spawn
  CHECK_FALSE(permits(fork, "clone", {constant("CLONE_NEWUSER") | 17}));
  CHECK_FALSE(permits(fork, "clone", {0x3d0f00}));  // a thread
  CHECK_FALSE(permits(fork, "clone", {9}));         // another signal at its end

  const auto thread = patterns(Relation::brings, "thread", "");
  for (const std::uint64_t flags : {0x3d0f00ull, 0x7d0f00ull, 0x50f00ull}) CHECK(permits(thread, "clone", {flags}));
  CHECK_FALSE(permits(thread, "clone", {17}));
  CHECK_FALSE(permits(thread, "clone", {0x3d0f00ull | constant("CLONE_NEWUSER")}));

  const auto setuid = patterns(Relation::brings, "setuid", "");
  CHECK(permits(setuid, "setuid", {101}));
  CHECK(permits(setuid, "setresuid", {0xffffffff, 550, 101}));
  CHECK_FALSE(permits(setuid, "setuid", {0}));
  CHECK_FALSE(permits(setuid, "setresuid", {101, 101, 0}));

  CHECK(permits(patterns(Relation::brings, "signal", "self"), "kill", {77, 15}));
  CHECK_FALSE(permits(patterns(Relation::brings, "signal", "self"), "kill", {0xffffffff, 15}));
  CHECK_FALSE(permits(patterns(Relation::brings, "signal", "self"), "kill", {0, 15}));
  CHECK(permits(patterns(Relation::brings, "signal", "children"), "kill", {0, 15}));
  CHECK_FALSE(permits(patterns(Relation::brings, "signal", "children"), "kill", {0xffffffff, 15}));
  CHECK_FALSE(permits(patterns(Relation::brings, "signal", "others"), "kill", {77, 9}));

  CHECK_FALSE(permits(patterns(Relation::brings, "namespace", "user"), "clone", {0x7e020011}));
  CHECK(permits(patterns(Relation::brings, "namespace", "user"), "unshare", {0x20000}));
  CHECK_FALSE(permits(patterns(Relation::brings, "namespace", "user"), "unshare", {0}));
}

TEST_CASE("one open, several accesses: brought where one object has all of them") {
  const std::uint64_t creating = constant("O_CREAT"), truncating = constant("O_TRUNC");
  const auto create = patterns(Relation::brings, {FileVerb::create}, FileType::file);
  CHECK(permits(create, "open", {0, creating, 0644}));
  CHECK_FALSE(permits(create, "open", {0, creating, 06755}));
  CHECK_FALSE(permits(create, "open", {0, creating | 1, 0644}));
  const auto fopen = patterns(Relation::brings, {FileVerb::create, FileVerb::truncate, FileVerb::write}, FileType::file);
  CHECK(permits(fopen, "openat", {0, 0, creating | truncating | 1, 0644}));
  CHECK_FALSE(permits(patterns(Relation::brings, {FileVerb::truncate}, FileType::file), "open", {0, truncating, 0}));
  CHECK(permits(patterns(Relation::brings, {FileVerb::truncate}, FileType::file), "truncate", {}));
  CHECK_FALSE(permits(patterns(Relation::brings, {FileVerb::chmod}, FileType::file), "chmod", {0, 04644}));
}

TEST_CASE("ways: everything by which the kernel does it") {
  const auto fork = patterns(Relation::sure, "fork", "");
  for (const std::uint64_t flags : {0ull, 17ull, 0x4111ull, 0x20000011ull}) CHECK(permits(fork, "clone", {flags}));
  CHECK_FALSE(permits(fork, "clone", {0x3d0f00}));
  const auto write_exec = patterns(Relation::sure, "memory", "write_exec");
  CHECK(permits(write_exec, "shmat", {0, 0, constant("SHM_EXEC")}));
  CHECK(permits(write_exec, "personality", {constant("READ_IMPLIES_EXEC")}));
  CHECK_FALSE(permits(write_exec, "personality", {0xffffffff}));
  CHECK_FALSE(permits(write_exec, "mmap", {0, 0, 5}));
  Names blind;
  for (const CallPattern& pattern : patterns(Relation::blind, "namespace", "user", Arch::x86_64))
    blind.insert(knowledge::call_of(Os::linux_os, pattern.call).name);
  CHECK(blind == Names{"clone3"});
}

TEST_CASE("an architecture has its own calls, numbers and multiplexers") {
  const auto names = [](const std::vector<CallPattern>& of) {
    Names all;
    for (const CallPattern& pattern : of) all.insert(knowledge::call_of(Os::linux_os, pattern.call).name);
    return all;
  };
  CHECK(names(patterns(Relation::brings, "fork", "", Arch::aarch64)) == Names{"clone"});
  CHECK(names(patterns(Relation::brings, "connect", "", Arch::x86)) == Names{"connect", "socketcall"});
  CHECK(names(patterns(Relation::brings, "connect", "", Arch::x86_64)) == Names{"connect"});
  CHECK(names(patterns(Relation::brings, "memory", "write_exec", Arch::x86)).contains("mmap2"));
  CHECK_FALSE(names(patterns(Relation::brings, "memory", "write_exec", Arch::x86)).contains("mmap"));
  const auto fork = patterns(Relation::brings, "fork", "", Arch::mips64);
  CHECK(permits(fork, "clone", {18}));  // SIGCHLD there
  CHECK_FALSE(permits(fork, "clone", {17}));
}

TEST_CASE("members: what an act has, and nothing where there is none") {
  for (const std::string_view act : {"fork", "thread", "socketpair", "memory", "namespace", "time", "mount", "ipc"})
    for (const std::string_view member : knowledge::members_of(act)) {
      INFO(act, " ", member);
      CHECK_FALSE(patterns(Relation::brings, act, member).empty());
      CHECK_FALSE(patterns(Relation::sure, act, member).empty());
    }
  CHECK(knowledge::members_of("weather").empty());
  CHECK(patterns(Relation::brings, "memory", "sideways").empty());
  CHECK(knowledge::find_rows(Os::openbsd, Relation::brings, "namespace", "user").empty());
  CHECK(patterns(Relation::brings, "capability", "sys_chroot").size() == 1);
  CHECK(patterns(Relation::sure, "capability", "sys_chroot").empty());
}

TEST_CASE("socket_call: family, type and protocol, and no flags beside the two of every libc") {
  const std::vector<CallPattern> tcp{knowledge::socket_call(Os::linux_os, Family::inet, SocketType::stream, 6)};
  CHECK(permits(tcp, "socket", {2, 1 | constant("SOCK_CLOEXEC"), 6}));
  CHECK_FALSE(permits(tcp, "socket", {2, 1, 0}));
  CHECK_FALSE(permits(tcp, "socket", {2, 0x101, 6}));
  CHECK(permits({knowledge::socket_call(Os::linux_os, Family::inet, SocketType::stream, 6, {}, true)}, "socket", {2, 0x101, 6}));
  const std::vector<CallPattern> other{knowledge::socket_call(Os::linux_os, Family::other, SocketType::stream)};
  CHECK(permits(other, "socket", {40, 1, 0}));
  CHECK_FALSE(permits(other, "socket", {2, 1, 0}));
  const auto stream = knowledge::socket_call(Os::linux_os, Family::inet, SocketType::stream, Arch::mips64);
  CHECK(holds(stream.where, {2, 2, 0}));  // SOCK_STREAM is 2 there
}

}  // namespace polc
