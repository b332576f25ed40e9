// The rights of Landlock, by the version of its ABI that brought each. Sources: include/uapi/linux/landlock.h up to
// Linux 7.2 and Documentation/userspace-api/landlock.rst.
//   landlock_file_rights(2)  ->  the 14 rights that a kernel of ABI 2 knows
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace polc::knowledge {

/// A set of rights of one kind, in the kernel's own bits.
using LandlockRights = std::uint64_t;

struct LandlockRight {
  std::string_view name;  // the kernel's, without LANDLOCK_ACCESS_FS_, LANDLOCK_ACCESS_NET_ or LANDLOCK_SCOPE_
  LandlockRights bit;
  unsigned since;  // ABI
};

inline constexpr unsigned newest_landlock_abi = 12;

/// In the order of their bits.
std::span<const LandlockRight> landlock_file_rights();
std::span<const LandlockRight> landlock_net_rights();
std::span<const LandlockRight> landlock_scopes();

/// Those that a kernel of this ABI knows.
LandlockRights known_by(std::span<const LandlockRight> rights, unsigned abi);
/// By the kernel's name.
std::optional<LandlockRights> find_landlock_right(std::span<const LandlockRight> rights, std::string_view name);
/// "6.12" of ABI 6: the Linux that brought it.
std::string_view linux_of_landlock(unsigned abi);

namespace landlock {
inline constexpr LandlockRights execute = 1u << 0, write_file = 1u << 1, read_file = 1u << 2, read_dir = 1u << 3,
                                remove_dir = 1u << 4, remove_file = 1u << 5, make_char = 1u << 6, make_dir = 1u << 7,
                                make_reg = 1u << 8, make_sock = 1u << 9, make_fifo = 1u << 10, make_block = 1u << 11,
                                make_sym = 1u << 12, refer = 1u << 13, truncate = 1u << 14, ioctl_dev = 1u << 15,
                                resolve_unix = 1u << 16;
/// What a rule on something that is no directory may hold.
inline constexpr LandlockRights on_files = execute | write_file | read_file | truncate | ioctl_dev | resolve_unix;
inline constexpr LandlockRights bind_tcp = 1u << 0, connect_tcp = 1u << 1, bind_udp = 1u << 2,
                                connect_send_udp = 1u << 3;
inline constexpr LandlockRights abstract_unix_socket = 1u << 0, signal = 1u << 1;
}  // namespace landlock

}  // namespace polc::knowledge
