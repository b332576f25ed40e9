// What becomes of a policy on older and younger kernels, where a target has an option that says which: one line for
// each at which something changes.
//   ladder_text({rungs...}, sources)   "abi 3   Linux 6.2     25 exact, ...    redis.pol:47:3 permits `bind tcp
//   0.0.0.0:0`"
#pragma once

#include <span>
#include <string>

#include "target/report.hpp"

namespace polc::target {

/// A value of an option that says how old a kernel may be, and which one that is: "6", "Linux 6.12".
struct Rung {
  std::string_view word, since;
};
struct Ladder {
  std::string_view option;
  std::span<const Rung> rungs;  // the oldest first
};

/// One policy on one target, compiled for one rung of its ladder.
struct OnRung {
  const Rung* rung = nullptr;
  Reported reported;
};

/// Of one policy, the oldest first. `here`: the rung of this host, which is marked; empty: none is.
std::string ladder_text(std::string_view option, std::span<const OnRung> rungs, std::string_view here,
                        const diag::SourceMap& sources);
/// Of several, a list of rungs each; every rung is in it. docs/fidelity.md describes the keys.
std::string ladder_json(std::string_view option, std::span<const std::vector<OnRung>> ladders, std::string_view here,
                        const diag::SourceMap& sources);

}  // namespace polc::target
