// How a call is refused: the policy's reaction as a filter's answer.
#pragma once

#include "seccomp/choices.hpp"

namespace polc::seccomp {

class Refusals {
 public:
  /// On this architecture, whose errnos are its own (mips64).
  Refusals(const ir::Policy& policy, Choices choices, Arch arch) : policy_(&policy), choices_(std::move(choices)), arch_(arch) {}
  Action of(CallId call) const;
  /// A number that no call has, among or before those that polc knows.
  Action unknown() const;
  /// A number after the last known one: a newer kernel's. Under a bare `default deny` it looks absent, so that libc
  /// falls back.
  Action beyond() const;

 private:
  Action error(std::string_view name) const;
  Action action_for(const ir::Reaction& reaction, bool looks_absent) const;

  const ir::Policy* policy_;
  Choices choices_;
  Arch arch_;
};

}  // namespace polc::seccomp
