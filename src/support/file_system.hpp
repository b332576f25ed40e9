// Reading and writing files, with failures as values: Result<std::string> text = read_file(path).
// Writing is atomic: a temporary file beside the target, flushed, then renamed; after a failure the target is as it was.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace polc {

/// Why the world failed: the path, the operation and errno.
struct IoError {
  std::string path;
  std::string operation;  // "open", "read", "write", "rename" ...
  int error_number = 0;
  std::string why{};            // in words, where errno has none: "a FIFO, not a regular file"
  std::string message() const;  // "cannot write `x`: No space left on device"
};

template <class Value>
using Result = tl::expected<Value, IoError>;

/// The whole file that a user named. A regular file, /dev/null, or what is open already: standard input ("-", /dev/stdin) and
/// other descriptors (/dev/fd/N, which is what a shell makes of `<(command)`). Whatever else could keep the program waiting for
/// ever, or never end, is refused (EINVAL) and not opened: a FIFO, a socket, a device. Larger than `limit` bytes is EFBIG.
Result<std::string> read_file(const std::string& path, std::uint64_t limit);

/// The same in blocks, of a file of any size. `take` returns false where it has seen enough.
using TakeBlock = std::function<bool(std::string_view block)>;
Result<void> read_file_by_blocks(const std::string& path, const TakeBlock& take);

/// The same for a name that stands in another file (an import), which hands nothing over: regular files only.
Result<std::string> read_regular_file(const std::string& path, std::uint64_t limit);

/// The descriptor that a name of an open one means ("-", /dev/stdin, /dev/fd/N). Such a file can be read once, has no neighbours and
/// is nothing for a depfile.
std::optional<int> find_open_descriptor(std::string_view path);

/// Replaces `path` atomically with `bytes`. Special files (/dev/null, a pipe) are written in place; a FIFO that nobody reads is ENXIO.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes);

/// Writes to a descriptor that stays open (standard output). A closed pipe is EPIPE, never a signal's death.
Result<void> write_all(int descriptor, std::string_view bytes, std::string_view name);

bool file_exists(const std::string& path);
bool is_directory(const std::string& path);

}  // namespace polc
