// Runs a piece of a test in a child process: for what would kill or change the test program (signals, limits, users).
//   CHECK(run_in_child([] { return condition ? 0 : 1; }) == 0);
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace polc::test {

/// What `body` returned, or 1000 + N when signal N ended it. Nothing of doctest may be used inside.
template <class Body>
int run_in_child(Body body) {
  const pid_t child = ::fork();
  if (child < 0) return -1;
  if (child == 0) ::_exit(body());
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1;
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace polc::test
