// Opening: the program and what it is executed with, with O_PATH, which looks at no content.
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/syscall.h>

#include "sandbox/steps.hpp"

namespace polc::sandbox {
namespace {

std::string quoted(std::string_view path) { return "`" + std::string(path) + "`"; }

Outcome open_one(Starting& start, const std::string& path, int& descriptor) {
  const long got = retried(start.kernel, SYS_openat, AT_FDCWD, path.c_str(), O_PATH | O_CLOEXEC, 0);
  if (got < 0) return failed("open " + quoted(path), got);
  descriptor = static_cast<int>(got);
  return std::nullopt;
}

}  // namespace

// Landlock and filters hold the calling thread alone.
Outcome be_one_thread(Starting& start) {
  const long folder = retried(start.kernel, SYS_openat, AT_FDCWD, "/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (folder < 0) return failed("read /proc/self/task", folder);
  alignas(8) char entries[1024];
  const long size = start.kernel(SYS_getdents64, folder, entries, sizeof entries);
  (void)start.kernel(SYS_close, folder);
  if (size < 0) return failed("read /proc/self/task", size);
  std::size_t threads = 0;
  for (long at = 0; at < size;) {
    unsigned short length = 0;
    std::memcpy(&length, entries + at + 16, sizeof length);  // d_ino, d_off, d_reclen, d_type, d_name
    if (length == 0) break;
    threads += entries[at + 19] != '.';
    at += length;
  }
  if (threads != 1) return Failure{"start from one thread: there are " + std::to_string(threads), 0};
  return std::nullopt;
}

Outcome open_program(Starting& start) {
  const Program& program = start.plan.program;
  if (auto failure = open_one(start, program.path, start.program)) return failure;
  if (!start.plan.rules) return std::nullopt;
  if (!program.interpreter.empty())
    if (auto failure = open_one(start, program.interpreter, start.interpreter)) return failure;
  for (const std::string& script : program.scripts)
    if (auto failure = open_one(start, script, start.scripts.emplace_back(-1))) return failure;
  return std::nullopt;
}

}  // namespace polc::sandbox
