// The values that strace writes: arguments, strings, flags, descriptors with what they lead to, addresses.
//   arguments_of("AT_FDCWD</>, \"a, b\", {x=1}")  ->  three views
//   string_of("\"/tmp/a\\76b\"")  ->  /tmp/a>b
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace polc::learn {

/// At most seven; what stands beyond is left out. `[i]` of one that is not there is empty.
class StraceArguments {
 public:
  explicit StraceArguments(std::string_view text);
  std::string_view operator[](std::size_t i) const { return i < all_.size() ? all_[i] : std::string_view(); }

 private:
  std::array<std::string_view, 7> all_{};
};

/// The bytes of a string. nullopt: it is none (a pointer, NULL), or it was cut.
std::optional<std::string> string_of(std::string_view text);

/// What stands in the comment of -X verbose, else the value itself: `0x80000 /* O_RDONLY|O_CLOEXEC */`, `-100 /* AT_FDCWD */</tmp>`.
std::string_view named(std::string_view value);

/// Is one of the words joined by `|` this one?
bool has_flag(std::string_view flags, std::string_view name);

/// `0755`, `S_IFREG|0644`, `07777`: the permission bits.
std::optional<std::uint16_t> mode_in(std::string_view text);

std::optional<std::int64_t> number_in(std::string_view text);

/// Of `{a=1, b="x, y"}` the value of a field; empty: it has none.
std::string_view field_in(std::string_view structure, std::string_view name);

struct StraceDescriptor {
  std::int64_t number = -1;  // -100: AT_FDCWD
  bool is_decorated = false;
  std::string decoration = {};  // its bytes: a path, `TCP:[...]`, `pipe:[1]`
  bool is_deleted = false;      // the path is a name no more
  std::string device = {};      // char, block: of a device, with -yy
  bool is_path() const { return decoration.starts_with('/'); }
};
/// nullopt: no number.
std::optional<StraceDescriptor> descriptor_of(std::string_view text);

/// `Errno` of `-1 ENOENT (No such file or directory)`; empty: there is none.
std::string_view error_of(std::string_view result);

}  // namespace polc::learn
