// The page for the packager: what is installed, what that puts in force, what it does not, and what is open then.
#include <fmt/format.h>

#include "packaging/layout.hpp"

namespace polc::packaging {
namespace {

constexpr std::string_view architecture_names =
    "x86_64 amd64, x86 i386, x32 x32, aarch64 arm64, arm armhf, riscv64 riscv64, ppc64le ppc64el, s390x s390x,\n"
    "  mips64 mips64 (big-endian; polc has no mips64el)";

class Page {
 public:
  explicit Page(const Layout& layout) : layout_(layout), made_(layout.made) {}

  std::string run() {
    add("The policy {} in the package {} of {}, written by polc package\n", made_.policy, made_.package, layout_.distribution.name);
    installed();
    to_add();
    architectures();
    in_force();
    filter();
    open();
    add("\n{} compares what is installed with the policy (polc verify).\n", layout_.script);
    return std::move(text_);
  }

 private:
  template <class... Given>
  void add(fmt::format_string<Given...> format, Given&&... given) {
    text_ += fmt::format(format, std::forward<Given>(given)...);
  }
  bool is_debian() const { return !layout_.distribution.is_rpm; }

  void total_of(const Artefact& artefact, std::string_view name) { add("    {}: {}\n", name, artefact.total); }

  void installed() {
    add("\nWhat is installed\n");
    for (const Placed& one : layout_.installed)
      add("  /{}\n    {}{}\n", one.path(), one.what, one.is_for_one_arch ? fmt::format("; for {} alone", layout_.arch) : "");
    if (layout_.has_profile()) add("  The profile is a {}.\n", is_debian() ? "conffile" : "%config(noreplace) file");
  }

  void to_add() {
    add("\nWhat is to be done\n");
    if (!is_debian()) {
      add("  {}spec.txt has the fragments for the spec file.\n", layout_.folder);
      return;
    }
    if (layout_.has_profile())
      add("  debian/rules: include {}{}.mk. debian/control: Build-Depends: dh-apparmor.\n", layout_.folder, made_.policy);
    add("  {}, debian/tests/control and debian/source/include-binaries belong to the whole source package: what they lack was\n"
        "  added at their ends, what they had is as it was. After another --unit or --package, take the lines of before out.\n",
        made_.install);
  }

  void architectures() {
    add("\nFor which architectures\n"
        "  Drop-in and filter are for {} (--arch={}): they list the calls of that architecture by its numbers and names.{}\n",
        layout_.arch, name_of(made_.arch),
        made_.filter_architectures.empty() ? "" : fmt::format(" The filter\n  also serves {} ({}).", made_.filter_architectures, made_.architectures_option));
    if (is_debian()) other_debian_architectures();
    else add("  The fragments install them under %ifarch {0}. For another architecture run polc package again, with --arch and another\n"
             "  --out, and rename {1} there, also in its spec.txt and verify.\n", layout_.arch, layout_.folder);
  }

  void other_debian_architectures() {
    add("  debian/tests/control runs the test there alone. A package that is built for another architecture must not have them: there\n"
        "  the unit lacks calls, and the filter refuses them all. Run polc package again with --arch and another --out, copy its\n"
        "  debian/polc/{0} to debian/polc/{0}-ARCH, name its filter in debian/source/include-binaries, and write debian/{1}.install.ARCH,\n"
        "  which debhelper reads instead of {2} and which therefore has all of its lines, those of this policy from\n"
        "  debian/polc/{0}-ARCH. Or leave drop-in and filter out there. polc's names and Debian's:\n  {3}.\n",
        made_.policy, made_.package, made_.install, architecture_names);
  }

  void in_force() {
    add("\nWhat the package puts in force\n");
    if (layout_.has_profile()) profile();
    else add("  No profile: {} has no AppArmor. What only a profile can enforce is not enforced.\n", layout_.distribution.name);
    add("  The drop-in, 50-polc.conf: {} has it from the next daemon-reload and restart on.\n", made_.unit);
    add("  What ExecStartPre=, ExecStartPost=, ExecReload=, ExecStop= and ExecStopPost= of the unit start runs under the drop-in's\n"
        "  lists{}, too, unless the command is prefixed with `+` or the unit says PermissionsStartOnly=yes. See to it that the\n"
        "  policy allows what those helpers do.\n",
        layout_.has_profile() ? " and the profile" : "");
    for (const std::string& caution : made_.cautions) add("  {}\n", caution);
    add("  What each enforces of the policy's rules:\n");
    for (const Placed& one : layout_.installed)
      if (one.artefact != nullptr && one.artefact->role != Role::filter) total_of(*one.artefact, one.file);
  }

  void profile() {
    add("  The profile is loaded by {}, and by AppArmor at each boot.\n"
        "  The administrator's own rules go to /etc/apparmor.d/local/{}.\n",
        is_debian() ? "what dh_apparmor adds to postinst, before the service starts" : "%apparmor_reload", made_.profile);
    if (made_.programs.empty()) add("  It attaches to no program: 51-apparmor.conf alone puts it in force.\n");
    else add("  It attaches to {}, however that is started.\n", fmt::join(made_.programs, ", "));
    add("  51-apparmor.conf puts {0} under it, whatever profile the unit names itself. The dash before the name means: where the\n"
        "  profile is not loaded, the service starts without it, and nothing says so. So /etc/apparmor.d/disable/{1} goes on turning the\n"
        "  profile off, and a mistake in a local file does, too. Without the dash (AppArmorProfile={1} in a drop-in of a later name) a\n"
        "  missing profile stops the service with status 231, also where it was turned off. Where the kernel's AppArmor is off, the\n"
        "  service starts either way.\n",
        made_.unit, made_.profile);
  }

  void filter() {
    const Placed* filter = layout_.placed(Role::filter);
    if (filter == nullptr) return;
    add("\nWhat it does not put in force: the filter\n"
        "  Nothing here loads a filter. It holds where a launcher or the program loads it, and there only.\n"
        "  /{0} is for a launcher, which loads it and then executes the program (exec=launcher), as\n"
        "    bwrap --dev-bind / / --seccomp 10 10< /{0} -- {1}\n"
        "  {2}{3}.h is for building the program, which calls polc_{3}_install() (exec=self).\n",
        filter->path(), made_.programs.empty() ? "PROGRAM" : shell_word(made_.programs.front()), layout_.folder, made_.policy);
    if (made_.arch == Arch::s390x || made_.arch == Arch::mips64)
      add("  {} is little-endian and {} is not: a launcher must swap its bytes.\n", filter->name(), layout_.arch);
    add("  What each enforces where it is loaded:\n");
    total_of(*filter->artefact, filter->name());
    if (layout_.header != nullptr) total_of(*layout_.header, made_.policy + ".h");
  }

  void open() {
    add("\nWhat is open without the filter\n"
        "  What the policy does not allow is not all refused: the lines above count what is wider and what is not seen, and\n"
        "  polc fidelity shows it rule by rule.\n");
    if (made_.open.empty()) {
      add("  Of what it denies in so many words nothing gets through what the package puts in force.\n");
      return;
    }
    add("  Of what it denies in so many words this gets through what the package puts in force (places are those of policy/):\n");
    for (const OpenDeny& one : made_.open) add("    {} ({})\n", one.text, closed_by(one));
  }

  std::string closed_by(const OpenDeny& one) const {
    if (one.is_closed_by_bpf) return "closed by the filter";
    return one.is_closed_by_header ? fmt::format("closed by {0}.h, not by {0}.bpf", made_.policy) : "polc counts on no filter for it";
  }

  const Layout& layout_;
  const Made& made_;
  std::string text_;
};

}  // namespace

std::string readme(const Layout& layout) { return Page(layout).run(); }

}  // namespace polc::packaging
