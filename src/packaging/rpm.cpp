// What goes into a spec file, section by section. Sources: rpm's spec file format; openSUSE's apparmor-rpm-macros.
#include <algorithm>

#include <fmt/format.h>

#include "packaging/layout.hpp"

namespace polc::packaging {
namespace {

// As rpm's macros call it.
std::string in_macros(const Layout& layout, std::string_view path) {
  const std::string_view units = layout.distribution.units;
  if (path.starts_with(units)) return fmt::format("%{{_unitdir}}{}", path.substr(units.size()));
  if (path.starts_with("usr/")) return fmt::format("%{{_prefix}}{}", path.substr(3));
  return fmt::format("%{{_sysconfdir}}{}", path.substr(3));
}

// A line for each file; those that are for one architecture alone stand together.
template <class Line>
std::string lines(const Layout& layout, const Line& line) {
  std::string all, some;
  for (const Placed& one : layout.installed) (one.is_for_one_arch ? some : all) += line(one);
  return all + (some.empty() ? "" : fmt::format("%ifarch {}\n{}%endif\n", layout.arch, some));
}

// A directory belongs to the package that makes it; what all architectures have comes first, so none is named without need.
std::string files_section(const Layout& layout) {
  std::vector<std::string> directories;
  const Placed* profile = layout.placed(Role::profile);
  return lines(layout, [&](const Placed& one) {
    std::string text;
    if (std::find(directories.begin(), directories.end(), one.directory) == directories.end()) {
      directories.push_back(one.directory);
      text = fmt::format("%dir {}\n", in_macros(layout, one.directory));
    }
    return text + fmt::format("{}{}\n", &one == profile ? "%config(noreplace) " : "", in_macros(layout, one.path()));
  });
}

}  // namespace

void add_rpm(const Layout& layout, std::vector<File>& files) {
  const Made& made = layout.made;
  const auto install = [&](const Placed& one) {
    return fmt::format("install -D -m 644 {}{} %{{buildroot}}{}\n", layout.folder, one.file, in_macros(layout, one.path()));
  };
  std::string page = fmt::format(
      "For {0}.spec of {1}: fragments, each to be copied to the section that stands above it.\n"
      "\n"
      "The files are a source of their own. In the directory that --out named:\n"
      "  tar -czf polc-{2}.tar.gz polc/{2}\n"
      "\n"
      "---- the preamble (any free number)\n"
      "Source50:       polc-{2}.tar.gz\n"
      "BuildRequires:  polc\n"
      "BuildRequires:  systemd-rpm-macros\n",
      made.package, layout.distribution.name, made.policy);
  if (layout.has_profile()) page += "BuildRequires:  apparmor-rpm-macros\n";
  page += "\n---- %prep, behind %setup or %autosetup\ntar -xzf %{SOURCE50}\n";
  page += "\n---- %install\n" + lines(layout, install);
  page += fmt::format("\n---- %check\n%ifarch {}\nsh {} %{{buildroot}}\n%endif\n", layout.arch, layout.script);
  if (layout.has_profile()) page += fmt::format("\n---- %post\n%apparmor_reload %{{_sysconfdir}}/apparmor.d/{}\n", made.profile);
  page += "\n---- %files\n" + files_section(layout);
  files.push_back({layout.folder + "spec.txt", std::move(page)});
}

}  // namespace polc::packaging
