// Random policies of calls and acts, and register values at which a filter for them may err. The same seed draws the
// same.
#pragma once

#include "policy.hpp"

namespace polc::calls {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0xD134'2543'DE82'EF95u + 1) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15u;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9u;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBu;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <class List>
  decltype(auto) of(List&& list) {
    return list[below(std::size(list))];
  }

 private:
  std::uint64_t state_;
};

struct Drawn {
  bool acts = true;         // with acts
  bool reactions = true;    // with other defaults than EPERM
  bool is_sayable = false;  // conditions as an OCI profile can mostly say them
};
Policy draw_policy(std::uint64_t seed, const Drawn& how = {});

struct Attempt {
  std::string call;
  Registers registers{};
};
/// Attempts at the calls that the policy is about: each constant, its neighbours, single bits, garbage where the kernel
/// does not look.
std::vector<Attempt> draw_attempts(const Policy& policy, const Machine& machine, Random& random, std::size_t count);

}  // namespace polc::calls
