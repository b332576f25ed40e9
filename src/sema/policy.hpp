// One policy of the IR from its declaration and overlays.
#pragma once

#include "sema/context.hpp"

namespace polc::sema {

/// What is wrong is reported; the result is then incomplete.
ir::Policy lower_policy(const ast::Policy& policy, const ast::Annotations& annotations, const Scope& file,
                        const Names& names, const ir::Configuration& configuration, diag::Sink& sink);

}  // namespace polc::sema
