// Where confinement is only inherited: which successors of a policy's execs would have less than their own policy gives them?
#pragma once

#include <span>
#include <vector>

#include "target/enforce.hpp"

namespace polc::driver {

/// Settings::losing for the policy of `source`: of its successors `unconfined`, and each policy that allows something that the
/// artefact made of `source` refuses, or that leads to such a one. `others`: those of its file.
std::vector<ir::Successor> losing_successors(const target::Source& source, const target::Backend& backend,
                                             const target::Settings& settings, std::span<const ir::Policy* const> others);

}  // namespace polc::driver
