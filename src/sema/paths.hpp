// Paths of a policy as patterns; a variable may stand for a set of paths.
#pragma once

#include <vector>

#include "sema/context.hpp"
#include "sets/path_pattern.hpp"

namespace polc::sema {

/// Adds what the path stands for to `patterns`; what is wrong with it is reported at its byte.
void add_patterns(const ast::Path& path, bool tree, const Context& context, std::vector<sets::PathPattern>& patterns);

/// The patterns of an abstract socket name.
std::vector<sets::PathPattern> abstract_names_of(const ast::String& string, const Context& context);

}  // namespace polc::sema
