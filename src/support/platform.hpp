// The systems and architectures that a policy can be compiled for. Rows of tables, chosen by value, never by #if.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace polc {

enum class Os : std::uint8_t { linux_os, openbsd, freebsd };
enum class Arch : std::uint8_t { x86_64, x86, x32, aarch64, arm, riscv64, ppc64le, s390x, mips64 };

inline constexpr std::array<std::string_view, 3> os_names{"linux", "openbsd", "freebsd"};
inline constexpr std::array<std::string_view, 9> arch_names{"x86_64",  "x86",     "x32",   "aarch64", "arm",
                                                            "riscv64", "ppc64le", "s390x", "mips64"};

constexpr std::string_view name_of(Os os) { return os_names[static_cast<std::size_t>(os)]; }
constexpr std::string_view name_of(Arch arch) { return arch_names[static_cast<std::size_t>(arch)]; }

constexpr std::optional<Os> find_os(std::string_view name) {
  for (std::size_t i = 0; i < os_names.size(); ++i)
    if (os_names[i] == name) return static_cast<Os>(i);
  return std::nullopt;
}
constexpr std::optional<Arch> find_arch(std::string_view name) {
  for (std::size_t i = 0; i < arch_names.size(); ++i)
    if (arch_names[i] == name) return static_cast<Arch>(i);
  return std::nullopt;
}

}  // namespace polc
