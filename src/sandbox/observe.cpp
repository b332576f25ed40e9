#include "sandbox/observe.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/file_system.hpp"

namespace polc::sandbox {
namespace {

// Behind it stands why the start failed; no path that is told has it.
const std::string failure_mark("\0\0!", 3);

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The number behind `Name:` in /proc/PID/status.
std::uint64_t field(const std::string& status, std::string_view name, int base) {
  const std::size_t at = ("\n" + status).find("\n" + std::string(name) + ":\t");
  if (at == std::string::npos) return 0;
  const char* begin = status.data() + at + name.size() + 2;
  std::uint64_t value = 0;
  std::from_chars(begin, status.data() + status.size(), value, base);
  return value;
}

// Facts as lines: what was tried, how many rules, then what was skipped.
std::string lines_of(const Facts& facts) {
  std::string text = facts.landlock.words + "\n" + std::to_string(facts.paths) + "\n";
  for (const Skipped& one : facts.skipped) text += std::to_string(static_cast<int>(one.why)) + one.path + '\0';
  return text;
}

std::optional<Facts> facts_in(const std::string& text) {
  Facts facts;
  const std::size_t first = text.find('\n'), second = first == std::string::npos ? first : text.find('\n', first + 1);
  if (second == std::string::npos) return std::nullopt;
  facts.landlock.words = text.substr(0, first);
  std::from_chars(text.data() + first + 1, text.data() + second, facts.paths);
  for (std::size_t at = second + 1; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    facts.skipped.push_back({text.substr(at + 1, end - at - 1), static_cast<Skipped::Why>(text[at] - '0')});
    at = end + 1;
  }
  return facts;
}

Seen look(int pid, const std::optional<Facts>& facts) {
  Seen seen;
  seen.pid = pid;
  if (!facts) return seen;
  seen.facts = *facts;
  const std::string folder = "/proc/" + std::to_string(pid);
  char path[4096];
  const ssize_t length = ::readlink((folder + "/exe").c_str(), path, sizeof path);
  if (length > 0) seen.executable.assign(path, static_cast<std::size_t>(length));
  const std::string status = text_of(folder + "/status");
  seen.seccomp = static_cast<unsigned>(field(status, "Seccomp", 10));
  seen.filters = static_cast<unsigned>(field(status, "Seccomp_filters", 10));
  seen.no_new_privs = field(status, "NoNewPrivs", 10) == 1;
  seen.effective = field(status, "CapEff", 16);
  seen.permitted = field(status, "CapPrm", 16);
  seen.bounding = field(status, "CapBnd", 16);
  seen.ambient = field(status, "CapAmb", 16);
  seen.limits = text_of(folder + "/limits");
  // A process that is polc still never became the program; one that is gone may have been.
  char own[4096];
  const ssize_t own_length = ::readlink("/proc/self/exe", own, sizeof own);
  seen.started = !seen.executable.empty() && seen.executable != std::string(own, static_cast<std::size_t>(std::max<ssize_t>(own_length, 0)));
  return seen;
}

[[noreturn]] void observe_from(int pipe, int out, int pid, const std::function<std::string(const Seen&)>& report) {
  std::string told;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(pipe, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR);)
    if (got > 0) told.append(buffer, static_cast<std::size_t>(got));
  const std::size_t mark = told.find(failure_mark);
  Seen seen;
  if (mark != std::string::npos) seen.pid = pid, seen.error = told.substr(mark + failure_mark.size());
  else seen = look(pid, facts_in(told));
  const std::string text = report(seen);
  (void)write_all(out, text, "the report");
  ::_exit(0);
}

}  // namespace

std::optional<Failure> Observer::tell(const Facts& facts) const {
  const auto written = write_all(pipe_, lines_of(facts), "the observer");
  return written ? std::nullopt : std::optional(Failure{"tell the observer", written.error().error_number});
}

void Observer::tell_failure(const std::string& why) const { (void)write_all(pipe_, failure_mark + why, "the observer"); }

namespace {

// A FIFO that nobody reads would keep the start waiting.
int open_report(const std::string& path) {
  const int out = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
  if (out >= 0) ::fcntl(out, F_SETFL, ::fcntl(out, F_GETFL) & ~O_NONBLOCK);
  return out;
}

}  // namespace

tl::expected<Observer, std::string> observe(const std::string& write_to, const std::function<std::string(const Seen&)>& report) {
  const int out = write_to.empty() ? STDERR_FILENO : open_report(write_to);
  if (out < 0) return tl::unexpected("open `" + write_to + "` for the report: " + std::strerror(errno));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return tl::unexpected(std::string("make a pipe for the report: ") + std::strerror(errno));
  const int pid = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return tl::unexpected(std::string("start the observer: ") + std::strerror(errno));
  if (child == 0) {
    ::close(ends[1]);
    const pid_t grandchild = ::fork();
    if (grandchild != 0) ::_exit(grandchild < 0 ? 1 : 0);
    observe_from(ends[0], out, pid, report);
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (status != 0) return tl::unexpected(std::string("start the observer: it did not"));
  return Observer(ends[1]);
}

}  // namespace polc::sandbox
