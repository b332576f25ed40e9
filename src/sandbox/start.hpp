// From a plan to the program, in this process: a list of steps, each of which either is done or ends the start.
//   const Failure failure = start(plan, Kernel(), environ, facts);   // returns only when the program did not start
// The last steps (the filter, then the program) write no memory but the stack, open nothing and log nothing: a filter may kill at
// the first call that it does not know.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "sandbox/kernel.hpp"
#include "sandbox/plan.hpp"

namespace polc::sandbox {

struct Failure {
  std::string what;       // "add a rule on `/etc/hosts`"
  int error = 0;          // errno; 0: `what` says it all
  bool of_exec = false;   // the program was found but cannot be executed
};

/// A rule that is not in force, since there is nothing that it could be about.
struct Skipped {
  enum class Why : std::uint8_t { missing, link, type };
  std::string path;
  Why why{};
};

/// What was found while Landlock's layer was tried, in the process itself.
struct Confirmed {
  std::string words;         // "open \"/\" EACCES, bind tcp 127.0.0.1:1025 EACCES"; empty: there was nothing to try
};

struct Facts {
  std::vector<Skipped> skipped;
  Confirmed landlock;
  unsigned paths = 0;  // rules in force
};

/// Told before the filter is loaded; what it returns ends the start.
using Ready = std::function<std::optional<Failure>(const Facts&)>;

/// The names of the steps, in their order.
std::span<const std::string_view> step_names();

/// Starts the program, or says why not. `environment`: as of execve.
Failure start(const Plan& plan, const Kernel& kernel, char* const* environment, const Ready& ready = {});

}  // namespace polc::sandbox
