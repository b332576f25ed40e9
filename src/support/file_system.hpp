// Reading and writing files, with failures as values: Result<std::string> text = read_file(path).
// Writing is atomic: a temporary file beside the target, flushed, then renamed; after a failure the target is as it was.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace polc {

/// Why the world failed: the path, the operation and errno.
struct IoError {
  std::string path;
  std::string operation;  // "open", "read", "write", "rename" ...
  int error_number = 0;
  std::string message() const;  // "cannot write `x`: No space left on device"
};

template <class Value>
using Result = tl::expected<Value, IoError>;

/// The whole file; "-" is standard input. A file larger than `limit` bytes is EFBIG.
Result<std::string> read_file(const std::string& path, std::uint64_t limit);

/// Replaces `path` atomically with `bytes`. Special files (/dev/null, a pipe) are written in place.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes);

/// Writes to a descriptor that stays open (standard output). A closed pipe is EPIPE, never a signal's death.
Result<void> write_all(int descriptor, std::string_view bytes, std::string_view name);

bool file_exists(const std::string& path);

}  // namespace polc
