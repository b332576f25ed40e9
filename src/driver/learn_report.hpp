// What `polc learn` tells a reviewer beside the policy.
#pragma once

#include <string>
#include <vector>

#include "learn/write.hpp"

namespace polc::driver {

/// All of it: coverage of each abstraction, what each rewrite added, probes, what was refused before, rare rules, blind spots.
std::string learn_report(const learn::Evidence& evidence, const std::vector<learn::Named>& policies, const std::vector<learn::Observed>& observed,
                         std::size_t repaired, std::uint64_t unknown, std::size_t rare);
/// In a line for each policy.
std::string learn_summary(const std::vector<learn::Named>& policies, const std::vector<learn::Observed>& observed, std::size_t repaired,
                          std::uint64_t unknown);

}  // namespace polc::driver
