#include "knowledge/names.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "support/edit_distance.hpp"

namespace polc::knowledge {
namespace {

constexpr NamedNumber linux_plain[] = {
#include "knowledge/linux_constants.inc"
};
constexpr NamedNumber linux_requests[] = {
#include "knowledge/linux_requests.inc"
};
constexpr bool by_name(const NamedNumber& a, const NamedNumber& b) { return a.name < b.name; }
constexpr auto linux_constants = [] {
  std::array<NamedNumber, std::size(linux_plain) + std::size(linux_requests)> all;
  std::merge(std::begin(linux_plain), std::end(linux_plain), std::begin(linux_requests), std::end(linux_requests),
             all.begin(), by_name);
  return all;
}();
/// What _IO() and its like make of the same direction, size, type and number where the direction has three bits and the
/// size thirteen (asm/ioctl.h of mips and powerpc), and not two and fourteen.
constexpr std::uint64_t with_wide_direction(std::uint64_t request) {
  const std::uint64_t size = request >> 16 & 0x3fff, writes = request >> 30 & 1, reads = request >> 31 & 1;
  return (request & 0xffff) | size << 16 | (writes << 2 | reads << 1 | (writes == 0 && reads == 0 ? 1u : 0u)) << 29;
}
static_assert(with_wide_direction(0x5401) == 0x20005401 && with_wide_direction(0x80045430) == 0x40045430);
constexpr NamedNumber linux_errnos[] = {
#include "knowledge/linux_errnos.inc"
};
struct ArchValue {
  std::string_view name;
  Arch arch;
  std::uint64_t value;
};
constexpr ArchValue linux_arch_values[] = {
#include "knowledge/linux_arch_values.inc"
};
constexpr bool is_before(const ArchValue& a, const ArchValue& b) {
  return a.name != b.name ? a.name < b.name : a.arch < b.arch;
}
static_assert(std::is_sorted(std::begin(linux_arch_values), std::end(linux_arch_values), is_before));
// The other tables' values are those of x86_64.
constexpr Arch common_arch = Arch::x86_64;
static_assert(std::none_of(std::begin(linux_arch_values), std::end(linux_arch_values), [](const ArchValue& one) { return one.arch == common_arch; }));
constexpr NamedNumber openbsd_constants[] = {
#include "knowledge/openbsd_constants.inc"
};
constexpr NamedNumber openbsd_errnos[] = {
#include "knowledge/openbsd_errnos.inc"
};
constexpr NamedNumber freebsd_constants[] = {
#include "knowledge/freebsd_constants.inc"
};
constexpr NamedNumber freebsd_errnos[] = {
#include "knowledge/freebsd_errnos.inc"
};

// Linux 6.18, asm-generic/signal.h. "cld" and "io" have second names that older texts use.
constexpr NamedNumber linux_signals[] = {
    {"abrt", 6},  {"alrm", 14}, {"bus", 7},     {"chld", 17},  {"cld", 17},  {"cont", 18},   {"fpe", 8},
    {"hup", 1},   {"ill", 4},   {"int", 2},     {"io", 29},    {"iot", 6},   {"kill", 9},    {"pipe", 13},
    {"poll", 29}, {"prof", 27}, {"pwr", 30},    {"quit", 3},   {"segv", 11}, {"stkflt", 16}, {"stop", 19},
    {"sys", 31},  {"term", 15}, {"trap", 5},    {"tstp", 20},  {"ttin", 21}, {"ttou", 22},   {"urg", 23},
    {"usr1", 10}, {"usr2", 12}, {"vtalrm", 26}, {"winch", 28}, {"xcpu", 24}, {"xfsz", 25},
};
// OpenBSD 5.9 sys/signal.h; FreeBSD 14 has the same up to 31 and two more.
constexpr NamedNumber openbsd_signals[] = {
    {"abrt", 6},  {"alrm", 14},   {"bus", 10},   {"chld", 20}, {"cont", 19}, {"emt", 7},  {"fpe", 8},
    {"hup", 1},   {"ill", 4},     {"info", 29},  {"int", 2},   {"io", 23},   {"iot", 6},  {"kill", 9},
    {"pipe", 13}, {"prof", 27},   {"quit", 3},   {"segv", 11}, {"stop", 17}, {"sys", 12}, {"term", 15},
    {"thr", 32},  {"trap", 5},    {"tstp", 18},  {"ttin", 21}, {"ttou", 22}, {"urg", 16}, {"usr1", 30},
    {"usr2", 31}, {"vtalrm", 26}, {"winch", 28}, {"xcpu", 24}, {"xfsz", 25},
};
constexpr NamedNumber freebsd_signals[] = {
    {"abrt", 6},   {"alrm", 14}, {"bus", 10},    {"chld", 20},  {"cont", 19}, {"emt", 7},   {"fpe", 8},
    {"hup", 1},    {"ill", 4},   {"info", 29},   {"int", 2},    {"io", 23},   {"iot", 6},   {"kill", 9},
    {"librt", 33}, {"pipe", 13}, {"prof", 27},   {"quit", 3},   {"segv", 11}, {"stop", 17}, {"sys", 12},
    {"term", 15},  {"thr", 32},  {"trap", 5},    {"tstp", 18},  {"ttin", 21}, {"ttou", 22}, {"urg", 16},
    {"usr1", 30},  {"usr2", 31}, {"vtalrm", 26}, {"winch", 28}, {"xcpu", 24}, {"xfsz", 25},
};

// Linux 6.18, linux/capability.h: 41 of them, the last of 5.9.
constexpr NamedNumber capability_names[] = {
    {"audit_control", 30},  {"audit_read", 37},  {"audit_write", 29},
    {"block_suspend", 36},  {"bpf", 39},         {"checkpoint_restore", 40},
    {"chown", 0},           {"dac_override", 1}, {"dac_read_search", 2},
    {"fowner", 3},          {"fsetid", 4},       {"ipc_lock", 14},
    {"ipc_owner", 15},      {"kill", 5},         {"lease", 28},
    {"linux_immutable", 9}, {"mac_admin", 33},   {"mac_override", 32},
    {"mknod", 27},          {"net_admin", 12},   {"net_bind_service", 10},
    {"net_broadcast", 11},  {"net_raw", 13},     {"perfmon", 38},
    {"setfcap", 31},        {"setgid", 6},       {"setpcap", 8},
    {"setuid", 7},          {"sys_admin", 21},   {"sys_boot", 22},
    {"sys_chroot", 18},     {"sys_module", 16},  {"sys_nice", 23},
    {"sys_pacct", 20},      {"sys_ptrace", 19},  {"sys_rawio", 17},
    {"sys_resource", 24},   {"sys_time", 25},    {"sys_tty_config", 26},
    {"syslog", 34},         {"wake_alarm", 35},
};

// Linux 6.18, asm-generic/resource.h.
constexpr NamedNumber linux_limits[] = {
    {"as", 9},      {"core", 4},      {"cpu", 0},         {"data", 2},   {"fsize", 1}, {"locks", 10},
    {"memlock", 8}, {"msgqueue", 12}, {"nice", 13},       {"nofile", 7}, {"nproc", 6}, {"rss", 5},
    {"rtprio", 14}, {"rttime", 15},   {"sigpending", 11}, {"stack", 3},
};
// OpenBSD 5.9 and FreeBSD 14, sys/resource.h.
constexpr NamedNumber openbsd_limits[] = {
    {"core", 4},   {"cpu", 0},   {"data", 2}, {"fsize", 1}, {"memlock", 6},
    {"nofile", 8}, {"nproc", 7}, {"rss", 5},  {"stack", 3},
};
constexpr NamedNumber freebsd_limits[] = {
    {"as", 10},   {"core", 4},  {"cpu", 0}, {"data", 2},   {"fsize", 1}, {"kqueues", 13}, {"memlock", 6}, {"nofile", 8},
    {"nproc", 7}, {"npts", 11}, {"rss", 5}, {"sbsize", 9}, {"stack", 3}, {"swap", 12},    {"umtxp", 14},
};

// Linux 6.18, linux/netlink.h.
constexpr NamedNumber netlink_protocol_names[] = {
    {"audit", 9},       {"connector", 11},      {"crypto", 21},    {"dnrtmsg", 14},  {"ecryptfs", 19},
    {"fib_lookup", 10}, {"firewall", 3},        {"generic", 16},   {"inet_diag", 4}, {"ip6_fw", 13},
    {"iscsi", 8},       {"kobject_uevent", 15}, {"netfilter", 12}, {"nflog", 5},     {"rdma", 20},
    {"route", 0},       {"scsitransport", 18},  {"selinux", 7},    {"smc", 22},      {"sock_diag", 4},
    {"unused", 1},      {"usersock", 2},        {"xfrm", 6},
};

constexpr bool is_strictly_sorted(std::span<const NamedNumber> names) {
  for (std::size_t i = 1; i < names.size(); ++i)
    if (!by_name(names[i - 1], names[i])) return false;
  return true;
}
static_assert(is_strictly_sorted(linux_signals) && is_strictly_sorted(openbsd_signals) &&
              is_strictly_sorted(freebsd_signals));
static_assert(is_strictly_sorted(linux_limits) && is_strictly_sorted(openbsd_limits) &&
              is_strictly_sorted(freebsd_limits));
static_assert(is_strictly_sorted(linux_errnos) && is_strictly_sorted(openbsd_errnos) &&
              is_strictly_sorted(freebsd_errnos));
static_assert(is_strictly_sorted(capability_names) && is_strictly_sorted(netlink_protocol_names));
static_assert(is_strictly_sorted(openbsd_constants) && is_strictly_sorted(freebsd_constants));
// One by one: a compiler takes so many steps and no more for each.
static_assert(is_strictly_sorted(linux_constants));
static_assert(is_strictly_sorted(linux_requests));

std::span<const NamedNumber> table_of(Os os, std::span<const NamedNumber> on_linux,
                                      std::span<const NamedNumber> on_openbsd,
                                      std::span<const NamedNumber> on_freebsd) {
  switch (os) {
    case Os::linux_os: return on_linux;
    case Os::openbsd: return on_openbsd;
    case Os::freebsd: return on_freebsd;
  }
  return {};
}

std::optional<std::uint64_t> find_in(std::span<const NamedNumber> names, std::string_view name) {
  const auto at =
      std::lower_bound(names.begin(), names.end(), name,
                       [](const NamedNumber& entry, std::string_view wanted) { return entry.name < wanted; });
  if (at == names.end() || at->name != name) return std::nullopt;
  return at->value;
}

/// The value that only this architecture has, if it has one of its own.
std::optional<std::uint64_t> find_own(Os os, Arch arch, std::string_view name) {
  if (os != Os::linux_os || arch == common_arch) return std::nullopt;
  const ArchValue wanted{name, arch, 0};
  const auto at = std::lower_bound(std::begin(linux_arch_values), std::end(linux_arch_values), wanted, is_before);
  if (at != std::end(linux_arch_values) && !is_before(wanted, *at)) return at->value;
  if (arch != Arch::ppc64le && arch != Arch::mips64) return std::nullopt;
  const auto request = find_in(linux_requests, name);
  return request ? std::optional(with_wide_direction(*request)) : std::nullopt;
}

}  // namespace

std::span<const NamedNumber> constants_of(Os os) {
  return table_of(os, linux_constants, openbsd_constants, freebsd_constants);
}
std::optional<std::uint64_t> find_constant(Os os, std::string_view name) { return find_in(constants_of(os), name); }
std::optional<std::uint64_t> find_constant(Os os, Arch arch, std::string_view name) {
  const auto common = find_constant(os, name);
  return common ? std::optional(find_own(os, arch, name).value_or(*common)) : std::nullopt;
}
std::optional<std::string_view> nearest_constant(Os os, std::string_view name) {
  return nearest_name(constants_of(os), name);
}

std::span<const NamedNumber> errnos_of(Os os) { return table_of(os, linux_errnos, openbsd_errnos, freebsd_errnos); }
std::optional<std::uint64_t> find_errno(Os os, std::string_view name) { return find_in(errnos_of(os), name); }
std::optional<std::uint64_t> find_errno(Os os, Arch arch, std::string_view name) {
  const auto common = find_errno(os, name);
  return common ? std::optional(find_own(os, arch, name).value_or(*common)) : std::nullopt;
}

std::optional<std::string_view> find_errno_name(Os os, Arch arch, std::uint64_t value) {
  for (const NamedNumber& one : errnos_of(os))
    if (find_own(os, arch, one.name).value_or(one.value) == value) return one.name;
  return std::nullopt;
}

std::span<const NamedNumber> signals_of(Os os) { return table_of(os, linux_signals, openbsd_signals, freebsd_signals); }
std::optional<std::uint64_t> find_signal(Os os, std::string_view name) { return find_in(signals_of(os), name); }

std::span<const NamedNumber> capabilities() { return capability_names; }
std::optional<std::uint64_t> find_capability(std::string_view name) { return find_in(capability_names, name); }

std::span<const NamedNumber> limits_of(Os os) { return table_of(os, linux_limits, openbsd_limits, freebsd_limits); }
std::optional<std::uint64_t> find_limit(Os os, std::string_view name) { return find_in(limits_of(os), name); }

std::span<const NamedNumber> netlink_protocols() { return netlink_protocol_names; }
std::optional<std::uint64_t> find_netlink_protocol(std::string_view name) {
  return find_in(netlink_protocol_names, name);
}

std::optional<std::string_view> find_name(std::span<const NamedNumber> names, std::uint64_t value) {
  for (const NamedNumber& candidate : names)
    if (candidate.value == value) return candidate.name;
  return std::nullopt;
}

std::optional<std::string_view> nearest_name(std::span<const NamedNumber> names, std::string_view misspelt) {
  return nearest_of(misspelt, names, [](const NamedNumber& row) { return row.name; });
}

}  // namespace polc::knowledge
