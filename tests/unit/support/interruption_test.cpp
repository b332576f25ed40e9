// A writer that is stopped at any moment: the file is wholly old or wholly new, and what is left behind has a clear name.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "support/file_system.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_size = 2'000'000;  // long enough that most signals arrive while it is written
constexpr int trials = 60;

std::string folder() {
  std::string pattern = (fs::temp_directory_path() / "polc-interrupted-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

/// Replaces the file again and again, until a signal ends it.
[[noreturn]] void write_for_ever(const std::string& path) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_DFL);  // the test runner has handlers of its own
  for (char c = 'a';; c = c == 'z' ? 'a' : static_cast<char>(c + 1))
    if (!polc::write_file_atomically(path, std::string(file_size, c))) ::_exit(1);
}

/// Starts a writer, stops it by the signal some microseconds later, and says which signal ended it.
int interrupted(const std::string& path, int signal_number, unsigned microseconds) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) write_for_ever(path);
  ::usleep(20'000 + microseconds);
  ::kill(child, signal_number);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

std::vector<std::string> others(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename() != "artefact") names.push_back(entry.path().filename().string());
  return names;
}

bool is_whole(const std::string& path) {
  const auto text = polc::read_file(path, 2 * file_size);
  return text && text->size() == file_size && text->find_first_not_of((*text)[0]) == std::string::npos;
}

}  // namespace

TEST_CASE("write_file_atomically: SIGINT, SIGTERM and SIGHUP leave a whole file and nothing else") {
  const std::string at = folder(), path = at + "/artefact";
  REQUIRE(polc::write_file_atomically(path, std::string(file_size, 'A')));
  for (int trial = 0; trial < trials; ++trial) {
    const int number = trial % 3 == 0 ? SIGINT : trial % 3 == 1 ? SIGTERM : SIGHUP;
    CHECK(interrupted(path, number, 300u + 370u * static_cast<unsigned>(trial)) == number);
    CHECK(is_whole(path));
    CHECK(others(at).empty());
  }
  fs::remove_all(at);
}

TEST_CASE("write_file_atomically: SIGKILL leaves a whole file and at most one, named after it") {
  const std::string at = folder(), path = at + "/artefact";
  REQUIRE(polc::write_file_atomically(path, std::string(file_size, 'A')));
  std::size_t left_behind = 0;
  for (int trial = 0; trial < trials; ++trial) {
    CHECK(interrupted(path, SIGKILL, 300u + 370u * static_cast<unsigned>(trial)) == SIGKILL);
    CHECK(is_whole(path));
    const auto names = others(at);
    CHECK(names.size() <= 1);
    for (const auto& name : names) {
      CHECK(name.rfind("artefact.polc-tmp-", 0) == 0);
      fs::remove(at + "/" + name);
    }
    left_behind += names.size();
  }
  CHECK(left_behind > 0);  // else no signal came while a file was being written, and nothing was tried
  fs::remove_all(at);
}
