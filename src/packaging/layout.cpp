#include "packaging/layout.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace polc::packaging {
namespace {

// The empty value takes back what the unit names, dash or not. Why ours has a dash stands in readme.cpp.
std::string profile_drop_in(const Made& made) { return fmt::format("[Service]\nAppArmorProfile=\nAppArmorProfile=-{}\n", made.profile); }

}  // namespace

Layout::Layout(const Made& all, const Distribution& where) : made(all), distribution(where) {
  folder = fmt::format("{}polc/{}/", distribution.is_rpm ? "" : "debian/", made.policy);
  script = distribution.is_rpm ? folder + "verify" : "debian/tests/polc-" + made.policy;
  arch = name_for(distribution, made.arch);
  const std::string drop_ins = fmt::format("{}/{}.d", distribution.units, made.unit);
  for (const Artefact& artefact : made.artefacts) {
    if (artefact.role == Role::profile) {
      installed.push_back({"apparmor.d/" + made.profile, "etc/apparmor.d", artefact.text, "the profile", &artefact});
      installed.push_back({"51-apparmor.conf", drop_ins, profile_drop_in(made), "a drop-in that names the profile"});
    } else if (artefact.role == Role::drop_in) {
      installed.push_back({"50-polc.conf", drop_ins, artefact.text, "the drop-in", &artefact, true});
    } else if (artefact.format == "h") {
      header = &artefact;
    } else {
      const std::string file = fmt::format("{}.{}", made.policy, artefact.format);
      installed.push_back({file, "usr/lib/" + made.package, artefact.text, "the filter", &artefact, true});
    }
  }
}

const Placed* Layout::placed(Role role) const {
  const auto found = std::find_if(installed.begin(), installed.end(),
                                  [&](const Placed& one) { return one.artefact != nullptr && one.artefact->role == role; });
  return found == installed.end() ? nullptr : &*found;
}

std::string verify_script(const Layout& layout) {
  const Made& made = layout.made;
  std::string text = fmt::format(
      "#!/bin/sh\n# Is what is installed what the policy says? The directory to look in, when it is not the system's:\n"
      "#   {} [ROOT]\n"
      "set -e\nroot=${{1:-}}\npolicy={}\n",
      layout.script, shell_word(layout.folder + "policy/" + made.sources.front().path));
  std::string options = made.options;
  for (const std::string& directory : made.imports) options += " -I " + shell_word(layout.folder + "policy/" + directory);
  for (const Placed& one : layout.installed) {
    const std::string path = "\"$root\"" + shell_word("/" + one.path());
    const Artefact* made_as = one.artefact;
    if (made_as == nullptr) text += fmt::format("cmp {} {}\n", shell_word(layout.folder + one.file), path);
    else text += fmt::format("polc verify \"$policy\" {} --target={} --format={}{}\n", path, made_as->target, made_as->format, options);
  }
  return text;
}

}  // namespace polc::packaging
