// What the tests of drawn policies share: how many, the smallest that fails, and how an attempt is told.
#pragma once

#include <functional>
#include <string>

#include "draw.hpp"

namespace polc::calls {

/// A number of the environment.
std::uint64_t setting(const char* name, std::uint64_t usual);

/// "clone on arm with 0x11 0x0 ..."
std::string words_of(const Attempt& attempt, const Machine& machine);

/// What is wrong with a policy; empty: nothing.
using FaultOf = std::function<std::string(const Policy&)>;
struct Failing {
  Policy policy;
  std::string fault;
};
/// The smallest policy that is left when parts are dropped while it still fails.
Failing shrunk(Policy policy, const FaultOf& fault_of);

}  // namespace polc::calls
