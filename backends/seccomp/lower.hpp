// A decision as code: argument diagrams, number search, architecture chain.
#pragma once

#include <map>
#include <string>

#include "seccomp/code.hpp"
#include "seccomp/decision.hpp"

namespace polc::seccomp {

struct Lowered {
  Code code;
  CodeId root = 0;
  /// For each node at which a call's own code begins: the calls, as "openat".
  std::map<CodeId, std::vector<CallId>> calls_at;
};

using CallCounts = std::map<std::string, std::uint64_t, std::less<>>;

Lowered lower(const Decision& decision, Weights weights, const CallCounts& counts);

}  // namespace polc::seccomp
