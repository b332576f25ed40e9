// A distribution's files around the artefacts of one policy: what to install where, the lines for its tools, a test that compares
// what is installed with the policy, and a page that tells the packager what to do. Text in, text out.
//   package_files(made, *find_distribution("debian"))  ->  {debian/polc/tor, debian/tor.install, debian/polc.mk, ...}
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace polc::packaging {

/// How a distribution packages these things. Sources: dh_apparmor(1) and debhelper 13 of Debian 12; openSUSE's
/// apparmor-rpm-macros (changelog of 2024-10); Fedora has no AppArmor in its kernels.
struct Distribution {
  std::string_view name;
  bool has_apparmor = true;
  bool is_rpm = false;
  std::string_view units;  // where packages put units, without the leading slash
};
std::span<const Distribution> distributions();
const Distribution* find_distribution(std::string_view name);

/// What there is to package.
struct Artefact {
  std::string target;  // apparmor, seccomp, systemd
  std::string format;
  std::string text;
};
struct Source {
  std::string path;  // relative to the policy's own directory
  std::string text;
};
struct Made {
  std::string policy;   // its name
  std::string package;  // the binary package's name
  std::string unit;     // tor@default.service
  std::vector<Artefact> artefacts;
  std::vector<Source> sources;       // the policy first, then what it imports from disk
  std::string options;               // what verify must be told: " --policy=tor --variant=debian"
  std::vector<std::string> totals;   // a line for each target: what it enforces
};

struct File {
  std::string path;
  std::string text;
  bool is_executable = false;
};
std::vector<File> package_files(const Made& made, const Distribution& distribution);

}  // namespace polc::packaging
