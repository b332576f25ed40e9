#include "cli/watch.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace polc::cli {
namespace {

// -s 0: no buffers, arguments or environment; names of files are never cut. The structures that are learned from stay whole.
constexpr const char* options[] = {"-f", "-yy", "-s", "0", "-e", "signal=SIGSYS", "-e", "abbrev=!?stat,?lstat,?fstat,?newfstatat,?statx,?setgroups,?capset,?clone3"};

// A folder of its own with a FIFO in it: a pipe's end would stay open in the command.
class Channel {
 public:
  Channel() {
    const char* const temporary = std::getenv("TMPDIR");
    folder_ = std::string(temporary != nullptr && *temporary == '/' ? temporary : "/tmp") + "/polc-learn-XXXXXX";
    if (::mkdtemp(folder_.data()) == nullptr) return;
    is_made_ = true;
    path_ = folder_ + "/trace";
    if (::mkfifo(path_.c_str(), 0600) == 0) reader_ = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  ~Channel() {
    if (reader_ >= 0) ::close(reader_);
    if (!path_.empty()) ::unlink(path_.c_str());
    if (is_made_) ::rmdir(folder_.c_str());
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  const std::string& path() const { return path_; }
  int reader() const { return reader_; }

 private:
  std::string folder_, path_;
  int reader_ = -1;
  bool is_made_ = false;
};

[[noreturn]] void become_tracer(const std::string& tracer, const std::string& trace, const std::vector<std::string>& command) {
  std::vector<const char*> words{"strace"};
  words.insert(words.end(), std::begin(options), std::end(options));
  words.insert(words.end(), {"-o", trace.c_str(), "--"});
  for (const std::string& word : command) words.push_back(word.c_str());
  words.push_back(nullptr);
  ::execv(tracer.c_str(), const_cast<char* const*>(words.data()));
  ::_exit(127);
}

// Until strace has ended and all is read. A FIFO that nobody has opened yet reads as ended.
bool pump(int reader, pid_t tracer, const TakeBlock& take, int& status) {
  std::vector<char> buffer(1 << 16);
  bool has_ended = false;
  while (true) {
    pollfd waited{reader, POLLIN, 0};
    ::poll(&waited, 1, 50);
    const ssize_t got = ::read(reader, buffer.data(), buffer.size());
    if (got > 0) {
      take({buffer.data(), static_cast<std::size_t>(got)});
      continue;
    }
    if (got < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (has_ended) return true;
    if (got == 0) ::usleep(5'000);
    has_ended = ::waitpid(tracer, &status, WNOHANG) == tracer;
  }
}

}  // namespace

std::string find_program(const std::string& name) {
  if (name.find('/') != name.npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
  const char* const path = std::getenv("PATH");
  const std::string folders = path == nullptr ? "/usr/bin:/bin" : path;
  for (std::size_t at = 0; at <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const std::string file = folders.substr(at, end - at) + "/" + name;
    struct stat status {};
    if (file.front() == '/' && ::access(file.c_str(), X_OK) == 0 && ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode)) return file;
    at = end + 1;
  }
  return "";
}

Watched watch(const std::vector<std::string>& command, const TakeBlock& take) {
  const std::string tracer = find_program("strace");
  if (tracer.empty()) return {Watched::End::no_tracer};
  const Channel channel;
  if (channel.reader() < 0) return {Watched::End::failed, errno, "make a FIFO in the folder for temporary files"};
  const pid_t child = ::fork();
  if (child < 0) return {Watched::End::failed, errno, "start a process"};
  if (child == 0) become_tracer(tracer, channel.path(), command);
  // What stops the command ends the watching, too, and then the policy is written.
  const auto interrupted = ::signal(SIGINT, SIG_IGN);
  int status = 0;
  const bool is_whole = pump(channel.reader(), child, take, status);
  ::signal(SIGINT, interrupted);
  if (!is_whole) return {Watched::End::failed, errno, "read what strace writes"};
  if (WIFSIGNALED(status)) return {Watched::End::killed, WTERMSIG(status)};
  return {Watched::End::exited, WEXITSTATUS(status)};
}

}  // namespace polc::cli
