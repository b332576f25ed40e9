// What a launch leaves possible, asked of texts by hand.
#include <doctest/doctest.h>

#include <string>

#include "eval/meaning.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "launch/model.hpp"

using namespace polc;

namespace {

const target::Settings settings{.format = "text"};

target::Read read(const std::string& lines) { return launch::read("launch 1 web\n" + lines, {Os::linux_os, Arch::x86_64, {}}, settings); }

bool permits(const std::string& lines, const ir::Point& point) {
  const auto reading = read(lines);
  REQUIRE(reading);
  return eval::decide(reading->permits, point).allowed;
}

ir::Point execveat(std::uint64_t descriptor, std::uint64_t flags) { return ir::CallPoint{*knowledge::find_call(Os::linux_os, "execveat"), {descriptor, 0, 0, 0, flags, 0}}; }
ir::Point capability(std::string_view name) { return ir::CapabilityPoint{static_cast<std::uint8_t>(*knowledge::find_capability(name))}; }

const std::string plain = "no_new_privs\ndescriptor 1023\ncapabilities setuid\n";

}  // namespace

TEST_CASE("read: execveat of the one descriptor is all that a launch refuses of calls") {
  CHECK(!permits(plain, execveat(1023, 0x1000)));
  CHECK(permits(plain, execveat(1022, 0x1000)));
  CHECK(permits(plain, execveat(1023, 0x1100)));
  CHECK(permits(plain, ir::CallPoint{*knowledge::find_call(Os::linux_os, "execve"), {}}));
}

TEST_CASE("read: with the right to raise limits, or without a line, the descriptor can be there") {
  CHECK(permits("no_new_privs\ndescriptor 1023\ncapabilities setuid,sys_resource\n", execveat(1023, 0x1000)));
  CHECK(permits("no_new_privs\ndescriptor 1023\n", execveat(1023, 0x1000)));
  CHECK(permits("no_new_privs\ncapabilities -\n", execveat(65535, 0x1000)));
}

TEST_CASE("read: the capabilities of the line stay, and all without one") {
  CHECK(permits(plain, capability("setuid")));
  CHECK(!permits(plain, capability("setgid")));
  CHECK(!permits("capabilities -\n", capability("setuid")));
  CHECK(permits("no_new_privs\n", capability("sys_admin")));
}

TEST_CASE("read: lines that are none, or that say a thing twice, are refused") {
  for (const char* lines : {"descriptor\n", "descriptor 2\n", "descriptor 1 2\n", "descriptor 5\ndescriptor 6\n", "capabilities\n", "capabilities fly\n", "capabilities setuid,\n",
                            "limit\n", "limit sky 3\n", "limit core\n", "limit core x\n", "limit core 1x\n", "limit core 1\nlimit core 2\n", "no_new_privs 1\n", "no_new_privs\nno_new_privs\n", "more\n"})
    CHECK_MESSAGE(!read(lines), lines);
  CHECK(!launch::read("", {Os::linux_os, Arch::x86_64, {}}, settings));
  CHECK(!launch::read("launch 2 web\n", {Os::linux_os, Arch::x86_64, {}}, settings));
}

TEST_CASE("read: what shows in no access is a directive") {
  const auto with = read(plain + "limit core 0\n"), without = read("descriptor 1023\ncapabilities setuid\n");
  REQUIRE(with);
  REQUIRE(without);
  CHECK(with->directives.size() == 3);
  CHECK(without->directives.size() == 1);
}
