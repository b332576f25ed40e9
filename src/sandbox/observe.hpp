// A look at the started program from outside, for --report: no process of ours may stay with it, and it may not have a child that it
// does not know. A grandchild waits until exec closes a pipe, looks at /proc once, writes the report and ends.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "sandbox/start.hpp"

namespace polc::sandbox {

/// What /proc says of the program, and what the start found.
struct Seen {
  bool started = false;
  std::string error;                 // of a start that failed before the program was executed; empty and not started: it ended first
  int pid = 0;
  std::string executable;            // /proc/PID/exe
  unsigned seccomp = 0, filters = 0; // Seccomp, Seccomp_filters
  bool no_new_privs = false;
  std::uint64_t effective = 0, permitted = 0, bounding = 0, ambient = 0;
  std::string limits;                // /proc/PID/limits
  Facts facts;
};

class Observer {
 public:
  explicit Observer(int pipe) : pipe_(pipe) {}
  /// To the grandchild; the rest it learns when the program is executed.
  std::optional<Failure> tell(const Facts& facts) const;
  /// That there will be no program, and why.
  void tell_failure(const std::string& why) const;

 private:
  int pipe_;
};

/// `write_to`: a file, or empty for standard error; opened now, as whoever called. `report`: made there of what is seen.
tl::expected<Observer, std::string> observe(const std::string& write_to, const std::function<std::string(const Seen&)>& report);

}  // namespace polc::sandbox
