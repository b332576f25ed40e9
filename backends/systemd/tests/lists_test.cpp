// How lines of one key add up, take away and replace: what systemd 252 does, written down where no systemd is installed to be asked.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "eval/meaning.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "systemd/model.hpp"
#include "systemd/read_unit.hpp"

using namespace polc;
using systemd::unit_from;
using systemd::Version;

namespace {

target::Reading reading_of(const std::string& lines) {
  auto reading = systemd::read("[Service]\n" + lines, {}, {});
  REQUIRE(reading);
  return *std::move(reading);
}

// The arguments in order; those that are left out are zero.
bool permits(const std::string& lines, std::string_view call, sets::Arguments arguments = {}) {
  return eval::surely_allows(reading_of(lines).permits, ir::CallPoint{*knowledge::find_call(Os::linux_os, call), arguments});
}

bool keeps(const std::string& lines, std::string_view capability) {
  return eval::decide(reading_of(lines).permits, ir::CapabilityPoint{*knowledge::find_capability(capability)}).allowed;
}

std::vector<std::string> directives(const std::string& lines) {
  std::vector<std::string> texts;
  for (const target::Directive& one : reading_of(lines).directives) texts.push_back(one.text);
  return texts;
}

}  // namespace

TEST_CASE("calls: the first list says what kind it is, later ones add to it or take away, and an empty one starts afresh") {
  CHECK(permits("SystemCallFilter=mount umount2\n", "mount"));
  CHECK_FALSE(permits("SystemCallFilter=mount\nSystemCallFilter=~mount\n", "mount"));
  CHECK(permits("SystemCallFilter=~mount\n", "umount2"));
  CHECK_FALSE(permits("SystemCallFilter=~mount\n", "mount"));
  CHECK(permits("SystemCallFilter=~mount umount2\nSystemCallFilter=mount\n", "mount"));
  CHECK_FALSE(permits("SystemCallFilter=~mount umount2\nSystemCallFilter=mount\n", "umount2"));
  CHECK(permits("SystemCallFilter=~mount\nSystemCallFilter=\n", "mount"));
  CHECK_FALSE(permits("SystemCallFilter=read\nSystemCallFilter=mount:EPERM\n", "mount"));
}

TEST_CASE("a line that ends in a backslash goes on in the next") {
  CHECK(permits("SystemCallFilter=read \\\n  mount\n", "mount"));
  CHECK(directives("ProtectHome=yes \\\n").size() == 1);
}

TEST_CASE("lines end at LF, CR, CRLF and NUL; an empty line ends a continued one, and a backslash that another takes goes on nowhere") {
  using namespace std::string_literals;
  CHECK_FALSE(permits("# note\rSystemCallFilter=~mount\n", "mount"));
  CHECK_FALSE(permits("ProtectHome=yes\0SystemCallFilter=~mount\n"s, "mount"));
  CHECK_FALSE(permits("SystemCallFilter=~read \\\r\n  mount\r\n", "mount"));
  CHECK(permits("SystemCallFilter=~read \\\n\nmount=1\n", "mount"));
  CHECK_FALSE(permits("SystemCallFilter=~read \\\n; a comment \\\n mount\n", "mount"));
  CHECK(directives("ProtectHome=a\\\\\nPrivateTmp=yes\n").size() == 2);
}

TEST_CASE("words of a list: a backslash is dropped") {
  CHECK_FALSE(permits("SystemCallFilter=~mo\\unt\n", "mount"));
  CHECK_FALSE(unit_from("[Service]\nSystemCallFilter=\"mount\"\n"));
  CHECK_FALSE(unit_from("[Service]\nSystemCallFilter=mount\\x\\ \\\\\\\n"));
}

TEST_CASE("groups of calls, within each other and by version") {
  CHECK(permits("SystemCallFilter=@system-service\n", "read"));
  CHECK_FALSE(permits("SystemCallFilter=@system-service\n", "mount"));
  CHECK_FALSE(permits("SystemCallFilter=@system-service\nSystemCallFilter=~@resources @privileged\n", "chown"));
  CHECK_FALSE(unit_from("[Service]\nSystemCallFilter=@no-such\n"));
  const auto has = [](Version version) { return unit_from("[Service]\nSystemCallFilter=@system-service\n", version)->calls.contains("seccomp"); };
  CHECK(has(Version::v257));
  CHECK_FALSE(has(Version::v252));
  CHECK(unit_from("[Service]\nSystemCallFilter=@system-service\n")->later.contains("seccomp"));
}

TEST_CASE("a directive that no systemd has is not known") {
  const auto unit = unit_from("[Service]\nProtectHoem=yes\nProtectHome=yes\n");
  REQUIRE(unit);
  REQUIRE(unit->unknown.size() == 1);
  CHECK(unit->unknown.front().line == 2);
}

TEST_CASE("families: further lists add or take away, and none empties the first") {
  CHECK(permits("RestrictAddressFamilies=AF_INET AF_INET6\n", "socket", {10}));
  CHECK_FALSE(permits("RestrictAddressFamilies=AF_INET AF_INET6\nRestrictAddressFamilies=~AF_INET6\n", "socket", {10}));
  CHECK(permits("RestrictAddressFamilies=AF_INET\nRestrictAddressFamilies=AF_INET6\n", "socket", {10}));
  CHECK(permits("RestrictAddressFamilies=~AF_INET\n", "socket", {10}));
  CHECK_FALSE(permits("RestrictAddressFamilies=~AF_INET\n", "socket", {2}));
  CHECK_FALSE(permits("RestrictAddressFamilies=none\n", "socket", {2}));
  CHECK_FALSE(permits("RestrictAddressFamilies=AF_INET\nRestrictAddressFamilies=none\n", "socket", {2}));
  CHECK_FALSE(permits("RestrictAddressFamilies=~AF_INET\nRestrictAddressFamilies=none\n", "socket", {10}));
  CHECK(permits("RestrictAddressFamilies=none\nRestrictAddressFamilies=~AF_INET\n", "socket", {10}));
}

TEST_CASE("capabilities: nothing is none, ~ is all, a list replaces all and adds to any other") {
  CHECK(keeps("", "chown"));
  CHECK_FALSE(keeps("CapabilityBoundingSet=\n", "chown"));
  CHECK(keeps("CapabilityBoundingSet=\nCapabilityBoundingSet=~\n", "chown"));
  CHECK(keeps("CapabilityBoundingSet=CAP_CHOWN\nCapabilityBoundingSet=CAP_KILL\n", "chown"));
  CHECK_FALSE(keeps("CapabilityBoundingSet=CAP_KILL\n", "chown"));
  CHECK_FALSE(keeps("CapabilityBoundingSet=CAP_CHOWN CAP_KILL\nCapabilityBoundingSet=~CAP_CHOWN\n", "chown"));
}

TEST_CASE("namespaces, write and execute, set-id modes: the arguments that are refused") {
  constexpr std::uint64_t new_ns = 0x20000, new_user = 0x10000000;
  CHECK_FALSE(permits("RestrictNamespaces=yes\n", "clone3"));
  CHECK_FALSE(permits("RestrictNamespaces=~user\n", "unshare", {new_user}));
  CHECK(permits("RestrictNamespaces=~user\n", "unshare", {new_ns}));
  CHECK(permits("RestrictNamespaces=user\n", "unshare", {new_user}));
  CHECK_FALSE(permits("RestrictNamespaces=user\n", "unshare", {new_ns}));
  CHECK_FALSE(permits("MemoryDenyWriteExecute=yes\n", "mprotect", {0, 0, 4}));
  CHECK(permits("MemoryDenyWriteExecute=yes\n", "mprotect", {0, 4, 2}));
  CHECK_FALSE(permits("MemoryDenyWriteExecute=yes\n", "mmap", {0, 0, 6}));
  CHECK_FALSE(permits("RestrictSUIDSGID=yes\n", "chmod", {0, 04755}));
  CHECK(permits("RestrictSUIDSGID=yes\n", "chmod", {0, 0755}));
}

TEST_CASE("a unit's drop-ins lie in folders of its name, its template, the beginnings of its name, and of all services") {
  using Folders = std::vector<std::string>;
  CHECK(systemd::drop_in_folders("a-b.service") == Folders{"a-b.service.d", "a-.service.d", "service.d"});
  CHECK(systemd::drop_in_folders("a@x.service") == Folders{"a@x.service.d", "a@.service.d", "service.d"});
  CHECK(systemd::drop_in_folders("a--b.service") == Folders{"a--b.service.d", "a--.service.d", "a-.service.d", "service.d"});
  CHECK(systemd::drop_in_folders("50-demo.conf").empty());
  CHECK(systemd::drop_in_folders(".service").empty());
}

TEST_CASE("behind `[]` stands what has no section: it is in none, and no line goes on there") {
  CHECK_FALSE(permits("SystemCallFilter=~read \\\n\n[]\nSystemCallFilter=\n", "read"));
}

TEST_CASE("of other keys the last value counts") {
  CHECK(directives("ProtectHome=yes\nProtectHome=no\n") == std::vector<std::string>{"ProtectHome=no"});
}
