// A finding's witness in the words of a report. They are few, and what they leave out is any value to whoever asks by them:
// where another value has the other answer, all is said. So `polc query` answers as the verdict says.
#pragma once

#include <string>
#include <string_view>

#include "target/findings.hpp"

namespace polc::target {

/// Why the verdict is not exact, on this target.
std::string_view reason_words(const Backend& backend, const Finding& finding);

/// Of a finding with a witness; `permits` is what the target permits.
std::string witness_words(const eval::Meaning& permits, const Finding& finding);

}  // namespace polc::target
