#include "polc_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace e2e {
namespace {

namespace fs = std::filesystem;

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;  // a terminal whose other end is closed says EIO
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  return text;
}

// A file without a name: no pipe can fill up while nobody reads.
int nameless_file(std::string_view bytes = {}) {
  std::string pattern = (fs::temp_directory_path() / "polc-e2e-XXXXXX").string();
  const int descriptor = ::mkstemp(pattern.data());
  ::unlink(pattern.c_str());
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  ::lseek(descriptor, 0, SEEK_SET);
  return descriptor;
}

int pipe_without_reader() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return -1;
  ::close(ends[0]);
  return ends[1];
}

[[noreturn]] void become_polc(const std::vector<std::string>& arguments, const fs::path& folder, const Surroundings& around,
                              int in, int out, int err) {
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::unsetenv("NO_COLOR");
  for (const auto& [name, value] : around.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (around.largest_file > 0) {
    const rlimit limit{around.largest_file, around.largest_file};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ::alarm(around.seconds);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  std::vector<char*> words{const_cast<char*>("polc")};
  for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  if (::chdir(folder.c_str()) == 0) ::execv(POLC_BINARY, words.data());
  ::_exit(127);
}

}  // namespace

Scratch::Scratch() {
  std::string pattern = (fs::temp_directory_path() / "polc-e2e-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Scratch::write(const std::string& name, std::string_view bytes) const {
  fs::create_directories(path(name).parent_path());
  std::ofstream(path(name), std::ios::binary) << bytes;
}

std::string Scratch::read(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> Scratch::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Outcome Scratch::polc(const std::vector<std::string>& arguments, const Surroundings& around) const {
  const int in = around.device.empty() ? nameless_file(around.input) : ::open(around.device.c_str(), O_RDONLY);
  const int out = around.nobody_reads       ? pipe_without_reader()
                  : !around.output.empty() ? ::open(around.output.c_str(), O_WRONLY)
                                           : nameless_file();
  int terminal = -1, err = -1;
  if (around.terminal) ::openpty(&terminal, &err, nullptr, nullptr, nullptr);
  else err = nameless_file();
  const pid_t child = ::fork();
  if (child == 0) become_polc(arguments, folder_ / around.folder, around, in, out, err);
  Outcome outcome;
  if (around.terminal) {
    ::close(err);
    outcome.err = read_all(terminal);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  ::close(in);
  if (!around.terminal) {
    ::lseek(err, 0, SEEK_SET);
    outcome.err = read_all(err);
  }
  const bool kept = !around.nobody_reads && around.output.empty();
  if (kept) {
    ::lseek(out, 0, SEEK_SET);
    outcome.out = read_all(out);
  } else {
    ::close(out);
  }
  return outcome;
}

}  // namespace e2e
