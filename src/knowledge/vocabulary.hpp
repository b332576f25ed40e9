// The words of language 1 for what a program does, as types. Their meaning stands in docs/language.md, section 3.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "support/strong_id.hpp"

namespace polc {

/// A row of knowledge's system call table of one OS.
struct CallTag;
using CallId = StrongId<CallTag, std::uint16_t>;

/// A small set of the enumerators of one enum (at most 32).
template <class Enum>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<Enum> members) { for (const Enum m : members) insert(m); }
  static constexpr EnumSet all() { EnumSet result; result.bits_ = (1u << count_of(Enum{})) - 1; return result; }
  static constexpr EnumSet from_bits(std::uint32_t bits) { EnumSet result; result.bits_ = bits; return result; }
  constexpr void insert(Enum m) { bits_ |= 1u << static_cast<unsigned>(m); }
  constexpr void remove(Enum m) { bits_ &= ~(1u << static_cast<unsigned>(m)); }
  constexpr bool contains(Enum m) const { return (bits_ >> static_cast<unsigned>(m)) & 1u; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool is_all() const { return *this == all(); }
  constexpr bool includes(EnumSet other) const { return (other.bits_ & ~bits_) == 0; }
  constexpr std::uint32_t bits() const { return bits_; }
  constexpr friend EnumSet operator|(EnumSet a, EnumSet b) { return from_bits(a.bits_ | b.bits_); }
  constexpr friend EnumSet operator&(EnumSet a, EnumSet b) { return from_bits(a.bits_ & b.bits_); }
  constexpr friend EnumSet operator-(EnumSet a, EnumSet b) { return from_bits(a.bits_ & ~b.bits_); }
  constexpr bool operator==(const EnumSet&) const = default;

  /// Calls `visit(member)` for each, in the enum's order.
  template <class Visitor>
  constexpr void for_each(Visitor&& visit) const {
    for (unsigned i = 0; i < count_of(Enum{}); ++i)
      if ((bits_ >> i) & 1u) visit(static_cast<Enum>(i));
  }

 private:
  std::uint32_t bits_ = 0;
};

/// The verbs of the IR. `list` is read of a dir; `mkdir`, `symlink` and `mknod` are create of a type.
enum class FileVerb : std::uint8_t {
  read, write, append, create, remove, truncate, rename, link, chmod, chown, utime, xattr, stat, chdir, chroot, exec, map,
  lock, ioctl, watch,
};
inline constexpr std::array<std::string_view, 20> file_verb_names{
    "read", "write", "append", "create", "delete", "truncate", "rename", "link", "chmod", "chown",
    "utime", "xattr", "stat", "chdir", "chroot", "exec", "map", "lock", "ioctl", "watch"};
constexpr unsigned count_of(FileVerb) { return file_verb_names.size(); }
constexpr std::string_view name_of(FileVerb v) { return file_verb_names[static_cast<std::size_t>(v)]; }

enum class FileType : std::uint8_t { file, dir, socket, fifo, symlink, chardev, blockdev };
inline constexpr std::array<std::string_view, 7> file_type_names{"file", "dir", "socket", "fifo", "symlink", "chardev", "blockdev"};
constexpr unsigned count_of(FileType) { return file_type_names.size(); }
constexpr std::string_view name_of(FileType t) { return file_type_names[static_cast<std::size_t>(t)]; }

enum class NetVerb : std::uint8_t { connect, bind, listen, accept, send, receive };
inline constexpr std::array<std::string_view, 6> net_verb_names{"connect", "bind", "listen", "accept", "send", "receive"};
constexpr unsigned count_of(NetVerb) { return net_verb_names.size(); }
constexpr std::string_view name_of(NetVerb v) { return net_verb_names[static_cast<std::size_t>(v)]; }

/// `other`: every family that language 1 has no word for (AF_VSOCK, AF_ALG, AF_BLUETOOTH ...).
enum class Family : std::uint8_t { inet, inet6, unix_family, netlink, packet, other };
inline constexpr std::array<std::string_view, 6> family_names{"inet", "inet6", "unix", "netlink", "packet", "other"};
constexpr unsigned count_of(Family) { return family_names.size(); }
constexpr std::string_view name_of(Family f) { return family_names[static_cast<std::size_t>(f)]; }

enum class SocketType : std::uint8_t { stream, dgram, seqpacket, raw };
inline constexpr std::array<std::string_view, 4> socket_type_names{"stream", "dgram", "seqpacket", "raw"};
constexpr unsigned count_of(SocketType) { return socket_type_names.size(); }
constexpr std::string_view name_of(SocketType t) { return socket_type_names[static_cast<std::size_t>(t)]; }

using FileVerbs = EnumSet<FileVerb>;
using FileTypes = EnumSet<FileType>;
using NetVerbs = EnumSet<NetVerb>;
using SocketTypes = EnumSet<SocketType>;

}  // namespace polc
