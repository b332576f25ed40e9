// What debhelper, dpkg-source and autopkgtest read. Sources: dh(1), debhelper(7) and dh_apparmor(1) of Debian 12, dpkg-source(1),
// autopkgtest's README.package-tests.
#include <fmt/format.h>

#include "packaging/layout.hpp"

namespace polc::packaging {
namespace {

std::string install_lines(const Layout& layout) {
  std::string text;
  for (const Placed& one : layout.installed) text += fmt::format("{}{} {}\n", layout.folder, one.file, one.directory);
  return text;
}

// Rules with two colons add up, so that several policies go together, and one with a single colon beside them is an error.
std::string rules(const Layout& layout) {
  return fmt::format(
      "# In debian/rules: include {0}{1}.mk   (Build-Depends: dh-apparmor)\n"
      "# It runs after dh_install, which brings the profile, and before dh_installinit and dh_installsystemd, whose parts of postinst\n"
      "# start the service: the profile is loaded by then.\n"
      "# Where debian/rules has this target, too, make says that it \"has both : and :: entries\": write it with two colons there. An\n"
      "# execute_before_dh_installinfo-arch or -indep would no longer run: then do not include this file, put its last line there.\n"
      "execute_before_dh_installinfo::\n"
      "\tdh_apparmor --profile-name={2} -p{3}\n",
      layout.folder, layout.made.policy, layout.made.profile, layout.made.package);
}

}  // namespace

void add_debian(const Layout& layout, std::vector<File>& files) {
  const Made& made = layout.made;
  if (layout.has_profile()) files.push_back({fmt::format("{}{}.mk", layout.folder, made.policy), rules(layout)});
  files.push_back({made.install, install_lines(layout), false, Sharing::install_lines});
  files.push_back({"debian/tests/control",
                   fmt::format("Tests: polc-{}\nDepends: {}, polc\nRestrictions: superficial\nArchitecture: {}\n", made.policy,
                               made.package, layout.arch),
                   false, Sharing::tests});
  // dpkg-source refuses a binary file in debian/ that this does not name.
  if (const Placed* filter = layout.placed(Role::filter))
    files.push_back({"debian/source/include-binaries", layout.folder + filter->file + "\n", false, Sharing::lines});
}

}  // namespace polc::packaging
