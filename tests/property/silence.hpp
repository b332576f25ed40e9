// Does a target do anything that no verdict tells? By sets, over every access: nothing is drawn or probed.
#pragma once

#include <string>
#include <vector>

#include "driver/compile.hpp"

namespace polc::property {

struct Silence {
  bool too_complex = false;
  std::vector<std::string> faults;  // an access each, and what is silent about it
};
/// What each rule without a verdict says of an access is what the target does; and what the target opens beside the policy is a
/// verdict of the line that opens it, or of what the target does not look at.
Silence silent_differences(const driver::TargetResult& result);

/// Verdicts whose witness does not lie on their side, in the set that the artefact permits and as its reader answers.
std::vector<std::string> false_witnesses(const driver::TargetResult& result);

}  // namespace polc::property
