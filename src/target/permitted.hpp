// T, the set that an artefact will permit, with the pieces that stand behind each of its parts. Private to target.
#pragma once

#include <vector>

#include "target/backend.hpp"

namespace polc::target {

struct Permitted {
  eval::Meaning set;
  /// Of each part of `set`: places in LegalPolicy::rules(); none: the target does not look. Thousands of rules may bring the
  /// same whole call: it is one part.
  std::vector<std::vector<std::uint32_t>> pieces;
};

/// What the pieces permit less what they refuse, and everything that the target does not see. `rules`: of each piece.
Permitted permitted_by(const LegalPolicy& policy, const std::vector<std::vector<ir::RuleId>>& rules);

}  // namespace polc::target
