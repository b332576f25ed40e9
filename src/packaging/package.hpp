// A distribution's files around the artefacts of one policy: what to install where, the lines for its tools, a test that compares
// what is installed with the policy, and a page that tells the packager what to do. Text in, text out.
//   package_files(made, *find_distribution("debian"))  ->  {debian/polc/tor/apparmor.d/tor, debian/tor.install, ...}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "packaging/distribution.hpp"
#include "support/platform.hpp"

namespace polc::packaging {

enum class Role : std::uint8_t { profile, drop_in, filter };
/// What there is to package.
struct Artefact {
  Role role{};
  std::string target;  // as polc calls it
  std::string format;
  std::string text;
  std::string total;   // what it enforces, in a line
};
struct Source {
  std::string path;  // relative to the policy's own directory
  std::string text;
};
/// A deny of which something gets through where no filter is loaded.
struct OpenDeny {
  std::string text;  // where it stands, and an access that gets through
  bool is_closed_by_bpf = false, is_closed_by_header = false;
};
struct Made {
  std::string policy;    // its name
  std::string profile;   // its profile's; empty: there is no profile
  std::vector<std::string> programs;  // that the profile attaches to
  std::string package;   // the binary package's name
  std::string unit;      // tor@default.service
  Arch arch{};
  std::string architectures_option;   // what asks for further ones of the filter
  std::string filter_architectures;   // further ones that the filter serves; empty: none
  std::string install;   // Debian: the file that debhelper reads for the package
  std::vector<Artefact> artefacts;
  std::vector<Source> sources;        // the policy first, then what it imports from disk
  std::vector<std::string> imports;   // directories of sources that imports are looked for in
  std::string options;                // what verify must be told: " --policy=tor --variant=debian"
  std::vector<std::string> cautions;  // what the options of the policy take back
  std::vector<OpenDeny> open;
};

/// How a file stands to what the source package has already.
enum class Sharing : std::uint8_t { own, lines, install_lines, tests };
struct File {
  std::string path;
  std::string text;
  bool is_executable = false;
  Sharing sharing = Sharing::own;
};
std::vector<File> package_files(const Made& made, const Distribution& distribution);

}  // namespace polc::packaging
