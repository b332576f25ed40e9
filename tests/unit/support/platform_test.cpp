#include "support/platform.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace polc;

TEST_CASE("platform: every system and architecture is found under its own name") {
  for (const auto name : os_names) {
    REQUIRE(find_os(name).has_value());
    CHECK(name_of(*find_os(name)) == name);
  }
  for (const auto name : arch_names) {
    REQUIRE(find_arch(name).has_value());
    CHECK(name_of(*find_arch(name)) == name);
  }
}

TEST_CASE("platform: the enumerators stand in the order of their names") {
  CHECK(name_of(Os::linux_os) == "linux");
  CHECK(name_of(Os::openbsd) == "openbsd");
  CHECK(name_of(Os::freebsd) == "freebsd");
  CHECK(name_of(Arch::x86_64) == "x86_64");
  CHECK(name_of(Arch::aarch64) == "aarch64");
  CHECK(name_of(Arch::mips64) == "mips64");
}

TEST_CASE("platform: an unknown, empty or differently spelt name is none") {
  for (const auto name : {"", "Linux", "linux ", "amd64", "x86-64", "windows"}) {
    CHECK_MESSAGE(!find_os(name).has_value(), name);
    CHECK_MESSAGE(!find_arch(name).has_value(), name);
  }
}

TEST_CASE("platform: no name is listed twice") {
  std::vector<std::string_view> names(arch_names.begin(), arch_names.end());
  names.insert(names.end(), os_names.begin(), os_names.end());
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}
