// Files that a source package has anyway, and that polc adds to: what is there stays, what is missing is added at the end, and a
// second time nothing is missing.
//   with_install_lines("a usr/bin\n", "b etc\n").text == "a usr/bin\nb etc\n"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace polc::packaging {

struct Merged {
  std::string text;
  std::vector<std::string> kept;   // what is there and says something else about what was wanted
  std::vector<std::string> clash;  // what cannot stand beside what was wanted
};

/// debian/source/include-binaries: a line a file.
Merged with_lines(std::string there, std::string_view wanted);

/// debian/PACKAGE.install: lines `FILE... DIRECTORY`. Two files of one name in one directory clash, and so does a program that would
/// have to print the lines.
Merged with_install_lines(std::string there, std::string_view wanted);

/// debian/tests/control: `wanted` is one paragraph, of one test, which `Tests: NAME` begins.
Merged with_test(std::string there, std::string_view wanted);

/// The first binary package that debian/control names: debhelper reads debian/install for that one.
std::string first_package(std::string_view control);

}  // namespace polc::packaging
