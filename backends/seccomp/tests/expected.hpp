// What a filter must answer, from what the policies mean as sets of arguments: a second opinion on the generator and on the reader,
// written apart from both.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "seccomp/choices.hpp"
#include "sets/arguments.hpp"

namespace polc::seccomp::testing {

class Expected {
 public:
  Expected(Members policies, Arch arch);

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
  std::vector<std::size_t> policies_on(Arch arch) const;
  sets::ArgumentSpace::Set allowed_by(std::size_t policy, Arch arch, CallId call,
                                      sets::ArgumentSpace& space) const;

  Members policies_;
  Arch arch_;
  std::vector<Arch> archs_;
  Action bad_arch_;
  std::vector<Call> calls_;
  struct Said {
    ir::Effect effect{};
    const ir::Condition* where = nullptr;
  };
  std::vector<std::map<CallId, std::vector<Said>>> rules_;  // one a policy
};

}  // namespace polc::seccomp::testing
