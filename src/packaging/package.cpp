#include "packaging/package.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polc::packaging {
namespace {

constexpr Distribution known[] = {
    {"debian", true, false, "usr/lib/systemd/system"},
    {"opensuse", true, true, "usr/lib/systemd/system"},
    {"fedora", false, true, "usr/lib/systemd/system"},
};

/// One artefact, where it stands in the source package and where it is installed (without the leading slash).
struct Placed {
  const Artefact* artefact;
  std::string file;       // in the folder of ours
  std::string directory;  // installed
};

class Packager {
 public:
  Packager(const Made& made, const Distribution& distribution) : made_(made), distribution_(distribution) {
    for (const Artefact& artefact : made.artefacts) place(artefact);
  }

  std::vector<File> run() {
    for (const Placed& placed : placed_) add(folder() + placed.file, placed.artefact->text);
    for (const Source& source : made_.sources) add(folder() + "policy/" + source.path, source.text);
    if (distribution_.is_rpm) rpm();
    else debian();
    add(folder() + "README", readme());
    return std::move(files_);
  }

 private:
  void add(std::string path, std::string text, bool is_executable = false) {
    files_.push_back({std::move(path), std::move(text), is_executable});
  }
  std::string folder() const { return distribution_.is_rpm ? "polc/" : "debian/polc/"; }

  void place(const Artefact& artefact) {
    if (artefact.target == "apparmor") placed_.push_back({&artefact, made_.policy, "etc/apparmor.d"});
    else if (artefact.target == "systemd") placed_.push_back({&artefact, "50-polc.conf", fmt::format("{}/{}.d", distribution_.units, made_.unit)});
    else placed_.push_back({&artefact, fmt::format("{}.{}", made_.policy, artefact.format), fmt::format("usr/lib/{}", made_.package)});
  }

  const Placed* profile() const {
    const auto found = std::find_if(placed_.begin(), placed_.end(), [](const Placed& one) { return one.artefact->target == "apparmor"; });
    return found == placed_.end() ? nullptr : &*found;
  }

  /// A C header is for building, not for installing.
  static bool is_installed(const Placed& placed) { return placed.artefact->format != "h"; }

  void debian() {
    std::string install;
    for (const Placed& placed : placed_)
      if (is_installed(placed)) install += fmt::format("debian/polc/{} {}\n", placed.file, placed.directory);
    add(fmt::format("debian/{}.install", made_.package), std::move(install));
    if (profile() != nullptr)
      add("debian/polc.mk", fmt::format("# In debian/rules: include debian/polc.mk   (Build-Depends: dh-apparmor)\n"
                                        "# The profile is loaded before dh_installsystemd's part starts the service.\n"
                                        "execute_after_dh_install:\n\tdh_apparmor --profile-name={} -p{}\n",
                                        made_.policy, made_.package));
    add("debian/tests/control", fmt::format("Tests: polc\nDepends: {}, polc\nRestrictions: superficial\n", made_.package));
    add("debian/tests/polc", verify_script("debian/polc/policy"), true);
  }

  void rpm() {
    std::string spec = fmt::format("# For {}.spec of {}.\n", made_.package, distribution_.name);
    if (profile() != nullptr) spec += "BuildRequires:  apparmor-rpm-macros\n";
    spec += "\n%install\n";
    for (const Placed& placed : placed_)
      if (is_installed(placed)) spec += fmt::format("install -D -m 644 polc/{0} %{{buildroot}}/{1}/{0}\n", placed.file, placed.directory);
    if (profile() != nullptr) spec += fmt::format("\n%post\n%apparmor_reload %{{_sysconfdir}}/apparmor.d/{}\n", made_.policy);
    spec += "\n%files\n";
    for (const Placed& placed : placed_)
      if (is_installed(placed)) spec += fmt::format("{}/{}/{}\n", &placed == profile() ? "%config " : "", placed.directory, placed.file);
    add("polc/spec.inc", std::move(spec));
    add("polc/verify", verify_script("polc/policy"), true);
  }

  std::string verify_script(std::string_view policies) const {
    std::string text = fmt::format("#!/bin/sh\n# Is what is installed what the policy says? The directory to look in, when it is not the system's:\n#   {} [ROOT]\n"
                                   "set -e\nroot=${{1:-}}\npolicy={}/{}\n",
                                   distribution_.is_rpm ? "polc/verify" : "debian/tests/polc", policies, made_.sources.front().path);
    for (const Placed& placed : placed_)
      if (is_installed(placed))
        text += fmt::format("polc verify \"$policy\" \"$root/{}/{}\" --target={} --format={}{}\n", placed.directory, placed.file,
                            placed.artefact->target, placed.artefact->format, made_.options);
    return text;
  }

  std::string readme() const {
    std::string text = fmt::format("The policy {0} for {1}, made by polc\n\n", made_.policy, distribution_.name);
    if (!distribution_.has_apparmor)
      text += fmt::format("{} has no AppArmor: there is no profile here, and what only a profile can enforce is not enforced.\n\n", distribution_.name);
    text += "What is installed\n";
    for (const Placed& placed : placed_)
      if (is_installed(placed)) text += fmt::format("  /{}/{}\n", placed.directory, placed.file);
    text += "\nHow it is put to use\n";
    if (profile() != nullptr && distribution_.is_rpm)
      text += fmt::format("  The profile is loaded by %apparmor_reload; AppArmorProfile={} in the unit requires it.\n", made_.policy);
    else if (profile() != nullptr)
      text += fmt::format("  The profile is a conffile, loaded by what dh_apparmor adds to postinst (debian/polc.mk). The administrator's own rules go to\n"
                          "  /etc/apparmor.d/local/{0}; /etc/apparmor.d/disable/{0} turns it off. AppArmorProfile={0} in the unit requires it.\n",
                          made_.policy);
    text += fmt::format("  The drop-in adds to {}, which systemd reads at the next daemon-reload.\n", made_.unit);
    text += fmt::format("  The filter is not loaded by itself: a launcher or the program does it (polc targets seccomp); {}.h is for the program.\n", made_.policy);
    text += fmt::format("\n{} compares what is installed with the policy.\n\nWhat is enforced\n",
                        distribution_.is_rpm ? "polc/verify" : "debian/tests/polc, an autopkgtest,");
    for (const std::string& line : made_.totals) text += "  " + line + "\n";
    return text;
  }

  const Made& made_;
  const Distribution& distribution_;
  std::vector<Placed> placed_;
  std::vector<File> files_;
};

}  // namespace

std::span<const Distribution> distributions() { return known; }

const Distribution* find_distribution(std::string_view name) {
  const auto found = std::find_if(std::begin(known), std::end(known), [&](const Distribution& one) { return one.name == name; });
  return found == std::end(known) ? nullptr : &*found;
}

std::vector<File> package_files(const Made& made, const Distribution& distribution) { return Packager(made, distribution).run(); }

}  // namespace polc::packaging
