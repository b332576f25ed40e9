// Which findings a policy accepts in writing. Private to target.
#pragma once

#include <string>
#include <vector>

#include "target/findings.hpp"

namespace polc::target {

/// Marks the accepted ones. The lines for the artefact's header: what was accepted, with the reasons, and whether it is a
/// trial; no line breaks inside.
std::vector<std::string> settle(const ir::Policy& policy, const Backend& backend, std::vector<Finding>& findings);

}  // namespace polc::target
