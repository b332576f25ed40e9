#include "support/file_system.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace polc {
namespace {

// Removes the temporary file on every way out but the successful one, and on SIGINT, SIGTERM and SIGHUP: those are
// blocked while the file exists, so that they are delivered after it is gone.
class Temporary {
 public:
  explicit Temporary(const std::string& target) {
    sigset_t stop;
    sigemptyset(&stop);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stop, number);
    sigprocmask(SIG_BLOCK, &stop, &before_);
    const std::string pattern = target + ".polc-tmp-XXXXXX";
    name_.assign(pattern.begin(), pattern.end());
    name_.push_back('\0');
    descriptor_ = ::mkstemp(name_.data());
  }
  ~Temporary() {
    const int kept = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_ && created()) ::unlink(name_.data());
    sigprocmask(SIG_SETMASK, &before_, nullptr);
    errno = kept;
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  bool created() const { return descriptor_ >= 0 || closed_; }
  int descriptor() const { return descriptor_; }
  const char* name() const { return name_.data(); }
  bool close() {
    const int result = ::close(descriptor_);
    descriptor_ = -1;
    closed_ = true;
    return result == 0;
  }
  bool rename_to(const std::string& target) {
    renamed_ = ::rename(name_.data(), target.c_str()) == 0;
    return renamed_;
  }

 private:
  std::vector<char> name_;
  sigset_t before_{};
  int descriptor_ = -1;
  bool closed_ = false;
  bool renamed_ = false;
};

// A closed pipe is an error to report, not a reason to die.
class IgnoredPipeSignal {
 public:
  IgnoredPipeSignal() : before_(::signal(SIGPIPE, SIG_IGN)) {}
  ~IgnoredPipeSignal() {
    const int kept = errno;
    ::signal(SIGPIPE, before_);
    errno = kept;
  }
  IgnoredPipeSignal(const IgnoredPipeSignal&) = delete;
  IgnoredPipeSignal& operator=(const IgnoredPipeSignal&) = delete;

 private:
  void (*before_)(int);
};

tl::unexpected<IoError> failed(std::string_view path, std::string_view operation) {
  return tl::unexpected(IoError{std::string(path), std::string(operation), errno});
}

// What a new file would get, and what an existing one has: mkstemp's 0600 would surprise both.
mode_t mode_for(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status.st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

// A rename would put a plain file in the place of a device, or of the link that leads to the real file.
std::string followed(const std::string& path) {
  char* const real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string result = real;
  std::free(real);
  return result;
}

}  // namespace

std::string IoError::message() const {
  return "cannot " + operation + " `" + path + "`: " + std::strerror(error_number);
}

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  const bool standard_input = path == "-";
  const int descriptor = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed(path, "open");
  std::string text;
  std::vector<char> buffer(1 << 16);
  while (true) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || text.size() + static_cast<std::size_t>(got) > limit) {
      const int why = got < 0 ? errno : got == 0 ? 0 : EFBIG;
      if (!standard_input) ::close(descriptor);
      errno = why;
      if (why != 0) return failed(path, "read");
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Result<void> write_all(int descriptor, std::string_view bytes, std::string_view name) {
  const IgnoredPipeSignal no_signal;
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(name, "write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode)) {
      errno = EISDIR;
      return failed(path, "write");
    }
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return failed(path, "open");
    const auto result = write_all(descriptor, bytes, path);
    ::close(descriptor);
    return result;
  }
  const std::string target = followed(path);
  Temporary temporary(target);
  if (!temporary.created()) return failed(path, "write");
  if (const auto written = write_all(temporary.descriptor(), bytes, path); !written) return written;
  if (::fchmod(temporary.descriptor(), mode_for(target)) != 0) return failed(path, "write");
  if (::fsync(temporary.descriptor()) != 0) return failed(path, "write");
  if (!temporary.close()) return failed(path, "write");
  if (!temporary.rename_to(target)) return failed(path, "rename");
  return {};
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode);
}

}  // namespace polc
