// What the steps of a start share (start.cpp has their order). Each takes what those before it made.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sandbox/start.hpp"

namespace polc::sandbox {

/// A rule on a path that is there, with the rights that it has.
struct RuleInForce {
  const PathRule* rule = nullptr;
  std::uint64_t rights = 0;
};

struct Starting {
  const Plan& plan;
  const Kernel& kernel;
  char* const* environment;
  const Ready& ready;
  Facts facts = {};
  int program = -1, interpreter = -1, layer = -1;  // descriptors of our own, closed by exec
  std::vector<int> scripts = {};
  std::vector<RuleInForce> rules = {};
  std::vector<char*> arguments = {};
};

using Outcome = std::optional<Failure>;
inline Outcome failed(std::string what, long got) { return Failure{std::move(what), static_cast<int>(-got)}; }

Outcome be_one_thread(Starting& start);
Outcome open_program(Starting& start);
Outcome make_rules(Starting& start);
Outcome set_limits(Starting& start);
Outcome place_program(Starting& start);
Outcome close_others(Starting& start);
Outcome keep_capabilities(Starting& start);
Outcome change_account(Starting& start);
Outcome drop_capabilities(Starting& start);
Outcome give_up_privileges(Starting& start);
Outcome restrict_by_landlock(Starting& start);
Outcome tell_ready(Starting& start);
Outcome load_filter(Starting& start);
Outcome execute(Starting& start);

}  // namespace polc::sandbox
