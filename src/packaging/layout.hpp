// Which file stands where: in the source package, in the folder of the policy, and installed. For the pages of this folder.
#pragma once

#include <string>
#include <vector>

#include "packaging/package.hpp"

namespace polc::packaging {

/// A file that is installed. Directories are without the leading slash.
struct Placed {
  std::string file;       // in the policy's folder
  std::string directory;  // where it is installed
  std::string text;
  std::string_view what;  // in few words
  const Artefact* artefact = nullptr;  // none: it is not compiled
  bool is_for_one_arch = false;

  std::string name() const { return file.substr(file.rfind('/') + 1); }
  std::string path() const { return directory + '/' + name(); }
};

struct Layout {
  Layout(const Made& all, const Distribution& where);

  const Made& made;
  const Distribution& distribution;
  std::string folder;  // debian/polc/tor/
  std::string script;  // the test: debian/tests/polc-tor
  std::string_view arch;  // as the distribution calls it
  std::vector<Placed> installed;
  const Artefact* header = nullptr;  // for building the program

  bool has_profile() const { return !made.profile.empty(); }
  const Placed* placed(Role role) const;  // nullptr: there is none
};

std::string verify_script(const Layout& layout);
std::string readme(const Layout& layout);
void add_debian(const Layout& layout, std::vector<File>& files);
void add_rpm(const Layout& layout, std::vector<File>& files);

}  // namespace polc::packaging
