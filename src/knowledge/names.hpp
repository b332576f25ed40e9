// Names with a number behind them: constants, errnos, signals, capabilities, limits. Each list is dated in its .cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "support/platform.hpp"

namespace polc::knowledge {

struct NamedNumber {
  std::string_view name;
  std::uint64_t value;
};

/// AF_*, SOCK_*, IPPROTO_*, SOL_*, SO_*, TCP_*, O_*, PROT_*, MAP_*, MADV_*, CLONE_*, F_*, PR_*, SCHED_*, MSG_*, ioctl
/// requests ... in the OS's own numbers (Linux: the generic ones of x86_64 and aarch64). Sorted by name.
std::span<const NamedNumber> constants_of(Os os);
std::optional<std::uint64_t> find_constant(Os os, std::string_view name);
/// The same in the numbers of one architecture: O_DIRECTORY on aarch64, SOCK_STREAM on mips64.
std::optional<std::uint64_t> find_constant(Os os, Arch arch, std::string_view name);
std::optional<std::string_view> nearest_constant(Os os, std::string_view name);

/// "EPERM" ... Sorted by name.
std::span<const NamedNumber> errnos_of(Os os);
std::optional<std::uint64_t> find_errno(Os os, std::string_view name);
std::optional<std::uint64_t> find_errno(Os os, Arch arch, std::string_view name);  // ENOSYS is 89 on mips64
std::optional<std::string_view> find_errno_name(Os os, Arch arch, std::uint64_t value);

/// Lower-case signal names without SIG: "hup", "term", "usr1".
std::span<const NamedNumber> signals_of(Os os);
std::optional<std::uint64_t> find_signal(Os os, std::string_view name);

/// Linux capabilities in lower case without CAP_: "net_bind_service" is 10. The same for every OS (others ignore them).
std::span<const NamedNumber> capabilities();
std::optional<std::uint64_t> find_capability(std::string_view name);

/// Resource limits in lower case without RLIMIT_: "nofile", "core", "as". Linux's numbers.
std::span<const NamedNumber> limits_of(Os os);
std::optional<std::uint64_t> find_limit(Os os, std::string_view name);

/// netlink protocols: "route" is 0, "audit" is 9.
std::span<const NamedNumber> netlink_protocols();
std::optional<std::uint64_t> find_netlink_protocol(std::string_view name);

/// The first name in the table's order that has this value.
std::optional<std::string_view> find_name(std::span<const NamedNumber> names, std::uint64_t value);

/// The nearest of `names` to a misspelt one (edit distance at most max(1, length/3)), if any is near.
std::optional<std::string_view> nearest_name(std::span<const NamedNumber> names, std::string_view misspelt);

}  // namespace polc::knowledge
