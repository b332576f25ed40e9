// What a filter must answer, from the policies' rules as sets of arguments; written apart from decision.cpp, which the
// code generator uses, so that a mistake there is found.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "seccomp/choices.hpp"
#include "sets/arguments.hpp"

namespace polc::seccomp {

class Expected {
 public:
  using Policies = std::span<const target::LegalPolicy* const>;
  Expected(Policies policies, Arch arch);

  struct Call {
    std::uint32_t number = 0;
    CallId call;
    Arch arch{};
  };
  /// By number: the calls of the architecture, and of x32 when both are served.
  const std::vector<Call>& calls() const { return calls_; }
  /// What the numbers up to and after a call of that number meet when no call has them.
  Action unknown(std::uint32_t number) const;
  struct Decision {
    sets::ArgumentSpace::Set allowed;  // the arguments with which every policy allows the call
    Action refusal;                    // what the others meet
  };
  Decision decision(Arch arch, CallId call, sets::ArgumentSpace& space) const;

 private:
  sets::ArgumentSpace::Set allowed_by(const target::LegalPolicy& policy, Arch arch, CallId call,
                                      sets::ArgumentSpace& space) const;

  Policies policies_;
  Arch arch_;
  std::vector<Arch> archs_;
  Action bad_arch_;
  std::vector<Call> calls_;
  std::vector<std::map<CallId, std::vector<const target::LegalRule*>>> rules_;  // one a policy
};

}  // namespace polc::seccomp
