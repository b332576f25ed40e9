#include "support/check.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

#include "unit/support/child.hpp"

TEST_CASE("POLC_CHECK: a true condition is evaluated once and does nothing") {
  int evaluated = 0;
  POLC_CHECK(++evaluated == 1, "the condition is evaluated");
  CHECK(evaluated == 1);
}

TEST_CASE("POLC_CHECK: a false condition says on standard error what was assumed, and aborts") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const int outcome = polc::test::run_in_child([&] {
    ::signal(SIGABRT, SIG_DFL);  // doctest's handler would print a report of its own
    ::dup2(ends[1], STDERR_FILENO);
    POLC_CHECK(1 + 1 == 3, "sums come out");
    return 0;
  });
  ::close(ends[1]);
  char text[1000] = "";
  const auto got = ::read(ends[0], text, sizeof text - 1);
  ::close(ends[0]);
  CHECK(outcome == 1000 + SIGABRT);
  REQUIRE(got > 0);
  const std::string said = text;
  CHECK(said.find("internal error: sums come out") != std::string::npos);
  CHECK(said.find("1 + 1 == 3") != std::string::npos);
  CHECK(said.find("check_test.cpp") != std::string::npos);
}
