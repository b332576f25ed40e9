// Makes each system call of a file, a line each, in a process of its own: `calls FILE` prints "NUMBER ERRNO", 0 for what succeeded,
// 1000 and the signal for what ended it. A line: a call's number on x86_64, and its arguments.
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace {

int outcome_of(const long* call) {
  const pid_t child = fork();
  if (child == 0) {
    errno = 0;
    const long result = syscall(call[0], call[1], call[2], call[3], call[4], call[5], call[6]);
    _exit(result >= 0 ? 0 : errno);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) return 2000;
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

int main(int count, char** words) {
  std::FILE* const file = count == 2 ? std::fopen(words[1], "r") : nullptr;
  if (file == nullptr) return 2;
  char line[200];
  for (int number = 1; std::fgets(line, sizeof line, file) != nullptr; ++number) {
    long call[7] = {};
    char* at = line;
    for (long& word : call) word = static_cast<long>(std::strtoull(at, &at, 0));
    std::printf("%d %d\n", number, outcome_of(call));
  }
  return 0;
}
