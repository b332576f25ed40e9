// What distributions have and how they spell things: AppArmor, names of packages, units, architectures, words of a shell.
//   find_distribution("debian")->has_profiles;   name_for(*debian, Arch::x86_64) == "amd64"
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "support/platform.hpp"

namespace polc::packaging {

/// How a distribution packages these things. Sources: dh_apparmor(1) and debhelper 13 of Debian 12; openSUSE's
/// apparmor-rpm-macros (changelog of 2024-10); Fedora has no AppArmor in its kernels.
struct Distribution {
  std::string_view name;
  bool has_profiles = true;  // AppArmor is in its kernels
  bool is_rpm = false;
  std::string_view units;  // where packages put units, without the leading slash
};
std::span<const Distribution> distributions();
const Distribution* find_distribution(std::string_view name);

/// What the distribution's tools call an architecture: amd64, armhf; %{ix86}. Empty: they have no word for it.
std::string_view name_for(const Distribution& distribution, Arch arch);

bool is_package_name(const Distribution& distribution, std::string_view name);

/// NAME.service or NAME@INSTANCE.service; no other kind of unit takes a program's sandbox.
bool is_service(std::string_view unit);

/// Can a profile be installed as /etc/apparmor.d/NAME? Some names are folders there, others its start-up leaves out.
bool is_profile_file(std::string_view name);

/// One word of a POSIX shell, quoted where it must be.
std::string shell_word(std::string_view word);

}  // namespace polc::packaging
