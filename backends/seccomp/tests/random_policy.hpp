// Random policies over calls that no kernel performs (x86_64's reserved numbers, which answer ENOSYS): equalities,
// masks, ranges, several alternatives, denies, reactions. The same seed makes the same policy.
#pragma once

#include <cstdint>

#include "ir/policy.hpp"

namespace polc::seccomp::testing {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E37'79B9'7F4A'7C15u + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ * 0x2545'F491'4F6C'DD1Du >> 7;
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  bool one_in(unsigned n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

struct RandomPolicy {
  ir::Policy policy;
  bool is_plain = true;  // libseccomp can say it: allows of conjunctions with one comparison an argument, one errno
};
RandomPolicy random_policy(std::uint64_t seed);
/// Calls to ask: each constant, its neighbours, single bits turned, for each call that the policy names.
std::vector<ir::CallPoint> random_calls(const ir::Policy& policy, Random& random, std::size_t count);

}  // namespace polc::seccomp::testing
