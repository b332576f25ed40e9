#include "support/file_system.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "unit/support/child.hpp"

using namespace polc;
using polc::test::run_in_child;

namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t no_limit = 1u << 30;

/// A folder of its own for one test, gone afterwards.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "polc-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Scratch() {
    fs::permissions(path_, fs::perms::owner_all);
    fs::remove_all(path_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const fs::path& path() const { return path_; }
  /// The names in the folder, sorted: no temporary file may be left behind.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path path_;
};

void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

/// Root may write anywhere: such a test goes on as nobody. False: this user may not become another.
bool drop_root() { return ::geteuid() != 0 || (::setgid(65534) == 0 && ::setuid(65534) == 0); }

}  // namespace

TEST_CASE("read_file: gives every byte, NUL and high ones included") {
  const Scratch scratch;
  const std::string bytes = std::string("a\0b\r\n\xff", 6) + std::string(200'000, 'x');
  put(scratch / "file", bytes);
  CHECK(read_file(scratch / "file", no_limit).value() == bytes);
  put(scratch / "empty", "");
  CHECK(read_file(scratch / "empty", no_limit).value().empty());
}

TEST_CASE("read_file: a file of just the limit is read, one byte more is EFBIG") {
  const Scratch scratch;
  put(scratch / "file", "12345");
  CHECK(read_file(scratch / "file", 5).value() == "12345");
  const auto result = read_file(scratch / "file", 4);
  REQUIRE(!result);
  CHECK(result.error().error_number == EFBIG);
}

TEST_CASE("read_file: says which file could not be opened or read, and why") {
  const Scratch scratch;
  const auto missing = read_file(scratch / "missing", no_limit);
  REQUIRE(!missing);
  CHECK(missing.error().error_number == ENOENT);
  CHECK(missing.error().message() == "cannot open `" + (scratch / "missing") + "`: No such file or directory");
  const auto folder = read_file(scratch.path().string(), no_limit);
  REQUIRE(!folder);
  CHECK(folder.error().error_number == EISDIR);
}

TEST_CASE("read_file: `-` is standard input") {
  const int outcome = run_in_child([] {
    int ends[2];
    if (::pipe(ends) != 0 || ::write(ends[1], "from a pipe", 11) != 11) return 1;
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    const auto text = read_file("-", no_limit);
    return text && *text == "from a pipe" ? 0 : 2;
  });
  CHECK(outcome == 0);
}

TEST_CASE("read_file: what may keep a reader waiting is refused and not opened; the null device is an empty file") {
  const Scratch scratch;
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  const auto pipe = read_file(scratch / "pipe", no_limit);
  REQUIRE(!pipe);
  CHECK(pipe.error().error_number == EINVAL);
  CHECK(pipe.error().message() == "cannot read `" + (scratch / "pipe") + "`: a FIFO, not a regular file");
  const auto device = read_file("/dev/zero", no_limit);
  REQUIRE(!device);
  CHECK(device.error().message() == "cannot read `/dev/zero`: a device, not a regular file");
  CHECK(read_file("/dev/null", no_limit).value().empty());
}

TEST_CASE("read_regular_file: nothing but a regular file, and a link to one") {
  const Scratch scratch;
  put(scratch / "file", "text");
  REQUIRE(::symlink("file", (scratch / "link").c_str()) == 0);
  CHECK(read_regular_file(scratch / "link", no_limit).value() == "text");
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  for (const std::string& path : {scratch / "pipe", std::string("/dev/null"), std::string("/dev/zero"), std::string("-")})
    CHECK_MESSAGE(!read_regular_file(path, no_limit), path);
}

TEST_CASE("find_open_descriptor: by the names that are the kernel's, and no others") {
  CHECK(find_open_descriptor("-") == 0);
  CHECK(find_open_descriptor("/dev/stdin") == 0);
  CHECK(find_open_descriptor("/dev/fd/63") == 63);
  CHECK(find_open_descriptor("/proc/self/fd/7") == 7);
  for (const char* path : {"", "a.pol", "/dev/fd/", "/dev/fd/3x", "/dev/fd/-1", "/dev/fd/3/x", "/dev/null", "/dev/stdout", "/dev/fd/99999999999"})
    CHECK_MESSAGE(!find_open_descriptor(path), path);
}

TEST_CASE("write_file_atomically: a FIFO that nobody reads is an error at once, one that is read is written whole") {
  const Scratch scratch;
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  const auto unread = write_file_atomically(scratch / "pipe", "text");
  REQUIRE(!unread);
  CHECK(unread.error().message() == "cannot open `" + (scratch / "pipe") + "`: nobody reads from this FIFO");
  const std::string much(1 << 20, 'x');  // more than a pipe holds
  const int reader = ::open((scratch / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(reader >= 0);
  const int outcome = run_in_child([&] {
    const pid_t writer = ::fork();
    if (writer == 0) ::_exit(write_file_atomically(scratch / "pipe", much) ? 0 : 1);
    ::fcntl(reader, F_SETFL, 0);
    std::string got(much.size(), '\0');
    std::size_t size = 0;
    for (unsigned tries = 0; tries < 1000 && size < got.size();) {
      const ssize_t n = ::read(reader, got.data() + size, got.size() - size);
      if (n > 0) size += static_cast<std::size_t>(n);
      else if (::usleep(10'000) == 0) ++tries;  // not opened yet
    }
    int status = 1;
    ::waitpid(writer, &status, 0);
    return status == 0 && got == much ? 0 : 2;
  });
  ::close(reader);
  CHECK(outcome == 0);
  CHECK(scratch.names() == std::vector<std::string>{"pipe"});
}

TEST_CASE("write_file_atomically: a new file has the bytes and the mode that the umask leaves") {
  const Scratch scratch;
  const mode_t before = ::umask(027);
  const auto result = write_file_atomically(scratch / "new", std::string("a\0b", 3));
  ::umask(before);
  REQUIRE(result);
  CHECK(text_of(scratch / "new") == std::string("a\0b", 3));
  CHECK(mode_of(scratch / "new") == 0640);
  CHECK(scratch.names() == std::vector<std::string>{"new"});
}

TEST_CASE("write_file_atomically: an existing file keeps its permissions") {
  const Scratch scratch;
  for (const mode_t mode : {0600, 0444, 0755, 0666}) {
    const std::string file = scratch / "file";
    fs::remove(file);
    put(file, "old");
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    REQUIRE(write_file_atomically(file, "new"));
    CHECK(mode_of(file) == mode);
    CHECK(text_of(file) == "new");
  }
}

TEST_CASE(
    "write_file_atomically: the new file takes the place of the old one, which readers keep until they close it") {
  const Scratch scratch;
  put(scratch / "file", "old");
  std::ifstream reader(scratch / "file");
  REQUIRE(write_file_atomically(scratch / "file", "new and longer"));
  std::string seen;
  std::getline(reader, seen);
  CHECK(seen == "old");
  CHECK(text_of(scratch / "file") == "new and longer");
}

TEST_CASE("write_file_atomically: a symbolic link stays one, and the file it leads to is replaced") {
  const Scratch scratch;
  fs::create_directory(scratch.path() / "real");
  put(scratch / "real/file", "old");
  fs::create_symlink("real/file", scratch / "link");
  REQUIRE(write_file_atomically(scratch / "link", "new"));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(fs::read_symlink(scratch / "link") == "real/file");
  CHECK(text_of(scratch / "real/file") == "new");
  CHECK(scratch.names() == std::vector<std::string>{"link", "real"});
}

TEST_CASE("write_file_atomically: a folder is refused as one") {
  const Scratch scratch;
  const auto result = write_file_atomically(scratch.path().string(), "text");
  REQUIRE(!result);
  CHECK(result.error().error_number == EISDIR);
  CHECK(scratch.names().empty());
}

TEST_CASE("write_file_atomically: in a missing folder nothing is made") {
  const Scratch scratch;
  const auto result = write_file_atomically(scratch / "missing/file", "text");
  REQUIRE(!result);
  CHECK(result.error().error_number == ENOENT);
  CHECK(result.error().path == scratch / "missing/file");
  CHECK(scratch.names().empty());
}

TEST_CASE("write_file_atomically: an unwritable folder is an error that leaves the old file") {
  const Scratch scratch;
  put(scratch / "file", "old");
  ::chmod((scratch / "file").c_str(), 0666);
  fs::permissions(scratch.path(),
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  const int outcome = run_in_child([&] {
    if (!drop_root()) return 1;
    const auto result = write_file_atomically(scratch / "file", "new");
    if (result) return 2;
    return result.error().error_number == EACCES && result.error().path == scratch / "file" ? 0 : 3;
  });
  CHECK(outcome == 0);
  CHECK(text_of(scratch / "file") == "old");
  CHECK(scratch.names() == std::vector<std::string>{"file"});
}

TEST_CASE("write_file_atomically: when the space ends, the old file is as it was and no other is left") {
  const Scratch scratch;
  put(scratch / "file", "old");
  const int outcome = run_in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);  // so that the limit is an errno, as a full disk would be
    const rlimit limit{64, 64};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    const auto result = write_file_atomically(scratch / "file", std::string(1000, 'x'));
    if (result) return 2;
    return result.error().error_number == EFBIG && result.error().operation == "write" ? 0 : 3;
  });
  CHECK(outcome == 0);
  CHECK(text_of(scratch / "file") == "old");
  CHECK(scratch.names() == std::vector<std::string>{"file"});
}

TEST_CASE("write_file_atomically: a device is written in place and stays a device; a full one is ENOSPC") {
  CHECK(write_file_atomically("/dev/null", "text"));
  struct stat status {};
  REQUIRE(::stat("/dev/null", &status) == 0);
  CHECK(S_ISCHR(status.st_mode));
  const auto full = write_file_atomically("/dev/full", "text");
  REQUIRE(!full);
  CHECK(full.error().error_number == ENOSPC);
  CHECK(full.error().message() == "cannot write `/dev/full`: No space left on device");
}

TEST_CASE("write_file_atomically: a link to a device writes to the device") {
  const Scratch scratch;
  fs::create_symlink("/dev/null", scratch / "link");
  REQUIRE(write_file_atomically(scratch / "link", "text"));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(scratch.names() == std::vector<std::string>{"link"});
}

TEST_CASE("write_file_atomically: the signals blocked meanwhile are as before afterwards, after a failure too") {
  const Scratch scratch;
  sigset_t before, after;
  REQUIRE(::sigprocmask(SIG_BLOCK, nullptr, &before) == 0);
  REQUIRE(write_file_atomically(scratch / "file", "text"));
  REQUIRE(!write_file_atomically(scratch / "missing/file", "text"));
  REQUIRE(::sigprocmask(SIG_BLOCK, nullptr, &after) == 0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    CHECK(sigismember(&before, signal) == sigismember(&after, signal));
}

TEST_CASE("write_file_atomically: no descriptor is left open, whatever the outcome") {
  const Scratch scratch;
  const auto open_descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  const auto before = open_descriptors();
  for (int i = 0; i < 3; ++i) {
    REQUIRE(write_file_atomically(scratch / "file", "text"));
    REQUIRE(!write_file_atomically(scratch / "missing/file", "text"));
    REQUIRE(!write_file_atomically("/dev/full", "text"));
    REQUIRE(read_file(scratch / "file", no_limit));
    REQUIRE(!read_file(scratch / "file", 1));
    REQUIRE(!read_file(scratch.path().string(), no_limit));
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("write_all: everything arrives, also through a pipe that holds less") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const std::string bytes(1 << 20, 'x');  // a pipe holds 64 KiB
  const pid_t writer = ::fork();
  REQUIRE(writer >= 0);
  if (writer == 0) {
    ::close(ends[0]);
    ::_exit(write_all(ends[1], bytes, "pipe") ? 0 : 1);
  }
  ::close(ends[1]);
  std::size_t arrived = 0;
  std::vector<char> buffer(10'000);
  for (ssize_t got; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
    arrived += static_cast<std::size_t>(got);
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(writer, &status, 0) == writer);
  CHECK(status == 0);
  CHECK(arrived == bytes.size());
}

TEST_CASE("write_all: a closed pipe is EPIPE, never a signal's death") {
  const int outcome = run_in_child([] {
    ::signal(SIGPIPE, SIG_DFL);
    int ends[2];
    if (::pipe(ends) != 0) return 1;
    ::close(ends[0]);
    const auto result = write_all(ends[1], "text", "standard output");
    if (result) return 2;
    return result.error().error_number == EPIPE && result.error().path == "standard output" ? 0 : 3;
  });
  CHECK(outcome == 0);
}

TEST_CASE("write_all: a full device is ENOSPC") {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(full >= 0);
  const auto result = write_all(full, "text", "standard output");
  ::close(full);
  REQUIRE(!result);
  CHECK(result.error().message() == "cannot write `standard output`: No space left on device");
}

TEST_CASE("file_exists: files and links to them, but neither folders nor broken links") {
  const Scratch scratch;
  put(scratch / "file", "");
  fs::create_symlink("file", scratch / "link");
  fs::create_symlink("nowhere", scratch / "broken");
  CHECK(file_exists(scratch / "file"));
  CHECK(file_exists(scratch / "link"));
  CHECK(!file_exists(scratch / "broken"));
  CHECK(!file_exists(scratch / "missing"));
  CHECK(!file_exists(scratch.path().string()));
}
