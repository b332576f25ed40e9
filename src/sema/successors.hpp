// `exec P -> Q`: one path may not have two successors.
#pragma once

#include <vector>

#include "diag/sink.hpp"
#include "ir/policy.hpp"

namespace polc::sema {

/// Reports the paths that exec rules of different successors allow and no exec rule denies.
void check_successors(const std::vector<ir::Rule>& rules, diag::Sink& sink);

}  // namespace polc::sema
