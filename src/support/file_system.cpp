#include "support/file_system.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
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

// What may be read by its name. (/dev/null is the file of those who have none: it ends at once.)
enum class Kinds : std::uint8_t { regular, regular_or_null };

bool is_null_device(const struct stat& status) { return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(1, 3); }

// Nothing: it may be read. A folder has a word of errno's, which the read would end with.
std::optional<IoError> objection(const std::string& path, const struct stat& status, Kinds kinds) {
  if (S_ISREG(status.st_mode) || (kinds == Kinds::regular_or_null && is_null_device(status))) return std::nullopt;
  if (S_ISDIR(status.st_mode)) return IoError{path, "read", EISDIR};
  const char* const what = S_ISFIFO(status.st_mode) ? "a FIFO" : S_ISSOCK(status.st_mode) ? "a socket" : "a device";
  return IoError{path, "read", EINVAL, std::string(what) + ", not a regular file"};
}

// Owns a descriptor, and leaves errno as it is when it closes it.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    const int kept = errno;
    if (number_ >= 0) ::close(number_);
    errno = kept;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Result<void> read_blocks(int descriptor, const std::string& path, const TakeBlock& take) {
  std::vector<char> buffer(1 << 16);
  while (true) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "read");
    if (got == 0 || !take({buffer.data(), static_cast<std::size_t>(got)})) return {};
  }
}

// Looked at before it is opened, since opening alone can do something (a FIFO's writer goes on, a watchdog starts); and again when
// it is, since another file may be there by then. O_NONBLOCK is for that one, and for files of /proc that wait for news.
Result<void> read_named(const std::string& path, Kinds kinds, const TakeBlock& take) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return failed(path, "open");
  if (auto why = objection(path, status, kinds)) return tl::unexpected(std::move(*why));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return failed(path, "open");
  if (auto why = objection(path, status, kinds)) return tl::unexpected(std::move(*why));
  return read_blocks(file.number(), path, take);
}

// All blocks as one text.
Result<std::string> whole(const std::string& path, std::uint64_t limit, const auto& read) {
  std::string text;
  bool is_too_large = false;
  const Result<void> done = read([&](std::string_view block) {
    is_too_large = text.size() + block.size() > limit;
    if (!is_too_large) text += block;
    return !is_too_large;
  });
  if (!done) return tl::unexpected(done.error());
  if (!is_too_large) return text;
  errno = EFBIG;
  return failed(path, "read");
}

// A special file, as it is. A FIFO that nobody reads would keep the program waiting; one that is read is written as fast as that goes.
Result<int> open_in_place(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return failed(path, "open");
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
  return descriptor;
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
  return "cannot " + operation + " `" + path + "`: " + (why.empty() ? std::strerror(error_number) : why);
}

Result<void> read_file_by_blocks(const std::string& path, const TakeBlock& take) {
  // As it stands, not opened again: that fails for a socket, and a regular file would begin anew.
  if (const auto number = find_open_descriptor(path)) return read_blocks(*number, path, take);
  return read_named(path, Kinds::regular_or_null, take);
}

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  return whole(path, limit, [&](const TakeBlock& take) { return read_file_by_blocks(path, take); });
}

Result<std::string> read_regular_file(const std::string& path, std::uint64_t limit) {
  // Whatever is behind it today: a file's text must not depend on how the program was started.
  if (find_open_descriptor(path)) return tl::unexpected(IoError{path, "read", EINVAL, "an open descriptor, not a regular file"});
  return whole(path, limit, [&](const TakeBlock& take) { return read_named(path, Kinds::regular, take); });
}

std::optional<int> find_open_descriptor(std::string_view path) {
  if (path == "-" || path == "/dev/stdin") return STDIN_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const char* const begin = path.data() + folder.size();
    const char* const end = path.data() + path.size();
    int number = 0;
    const auto [rest, error] = std::from_chars(begin, end, number);
    if (error == std::errc() && rest == end && number >= 0) return number;
  }
  return std::nullopt;
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
    const auto opened = open_in_place(path);
    if (!opened) {
      IoError error = opened.error();
      if (error.error_number == ENXIO && S_ISFIFO(status.st_mode)) error.why = "nobody reads from this FIFO";
      return tl::unexpected(std::move(error));
    }
    const Descriptor file(*opened);
    return write_all(file.number(), bytes, path);
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

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace polc
