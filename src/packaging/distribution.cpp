#include "packaging/distribution.hpp"

#include <algorithm>
#include <array>

namespace polc::packaging {
namespace {

constexpr Distribution known[] = {
    {"debian", true, false, "usr/lib/systemd/system"},
    {"opensuse", true, true, "usr/lib/systemd/system"},
    {"fedora", false, true, "usr/lib/systemd/system"},
};

struct ArchNames {
  std::string_view debian;
  std::string_view rpm;  // a word of %ifarch
};
// In the order of Arch. polc's mips64 is big-endian, so it is not Debian's mips64el.
constexpr std::array<ArchNames, arch_names.size()> names_of_architectures{{
    {"amd64", "x86_64"},
    {"i386", "%{ix86}"},
    {"x32", ""},
    {"arm64", "aarch64"},
    {"armhf", "%{arm}"},
    {"riscv64", "riscv64"},
    {"ppc64el", "ppc64le"},
    {"s390x", "s390x"},
    {"mips64", "mips64"},
}};

constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz", upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", digits = "0123456789";

bool is_in(char c, std::string_view set) { return set.find(c) != set.npos; }
bool is_letter_or_digit(char c) { return is_in(c, lower) || is_in(c, upper) || is_in(c, digits); }

}  // namespace

std::span<const Distribution> distributions() { return known; }

const Distribution* find_distribution(std::string_view name) {
  const auto found = std::find_if(std::begin(known), std::end(known), [&](const Distribution& one) { return one.name == name; });
  return found == std::end(known) ? nullptr : &*found;
}

std::string_view name_for(const Distribution& distribution, Arch arch) {
  const ArchNames& names = names_of_architectures[static_cast<std::size_t>(arch)];
  return distribution.is_rpm ? names.rpm : names.debian;
}

bool is_package_name(const Distribution& distribution, std::string_view name) {
  if (distribution.is_rpm)
    return !name.empty() && is_letter_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || is_in(c, "+._-"); });
  return name.size() > 1 && (is_in(name.front(), lower) || is_in(name.front(), digits)) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_in(c, lower) || is_in(c, digits) || is_in(c, "+.-"); });
}

bool is_service(std::string_view unit) {
  constexpr std::string_view suffix = ".service";
  if (!unit.ends_with(suffix)) return false;
  const std::string_view name = unit.substr(0, unit.size() - suffix.size());
  return !name.empty() && is_letter_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || is_in(c, ":-_.@"); });
}

bool is_profile_file(std::string_view name) {
  constexpr std::array<std::string_view, 8> taken{"README",  "abi",            "abstractions", "cache",
                                                  "disable", "force-complain", "local",        "tunables"};
  return !name.empty() && name.front() != '.' && std::find(taken.begin(), taken.end(), name) == taken.end();
}

std::string shell_word(std::string_view word) {
  const auto is_plain = [](char c) { return is_letter_or_digit(c) || is_in(c, "_-.,=/+:@"); };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace polc::packaging
