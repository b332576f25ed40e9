// How a subject gets into the kernel: gradm(8) 3.1.
#include "grsecurity/capabilities.hpp"

namespace polc::grsecurity {

std::span<const target::Loading> loading() {
  static constexpr target::Loading ways[] = {
      {"gradm, a whole policy", "policy", "install -m 600 tor.grsecurity /etc/grsec/policy\ngradm -C\ngradm -E",
       "its default role hides everything from every other program: for trying out, or to merge by hand"},
      {"gradm, beside others", "subject", "cat tor.grsecurity >> /etc/grsec/policy  # at the end of its role\ngradm -C\ngradm -R",
       "a role that says more about the program's path elsewhere wins there; this subject inherits from none (mode `o`)"},
  };
  return ways;
}

}  // namespace polc::grsecurity
