// An access on which an artefact and its policy differ, in words that name no other accesses than such. They are few where few
// suffice; what they leave out is any value to whoever asks by them, and where another value has another answer, it is said.
// So `polc query` answers as the verdict says: of the policy deny, of the target allow, or the other way round.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "target/findings.hpp"

namespace polc::target {

/// Why the verdict is not exact, on this target.
std::string_view reason_words(const Backend& backend, const Finding& finding);

/// The two sides: what the policy allows, and what the target permits, or each target of a set.
struct Sides {
  const eval::Meaning& policy;
  std::vector<const eval::Meaning*> targets;
};

/// Of an access that all targets permit and the policy does not allow; `is_refused`: that the policy allows, and a target refuses.
std::string witness_words(const Sides& sides, const ir::Point& witness, bool is_refused);

/// Of a finding with a witness.
std::string witness_words(const Sides& sides, const Finding& finding);

}  // namespace polc::target
