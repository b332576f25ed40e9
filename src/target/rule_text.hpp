// A rule as its author wrote it, on one line, for tables and reports.
#pragma once

#include <string>

#include "diag/source.hpp"
#include "ir/policy.hpp"

namespace polc::target {

/// Without its annotations; blanks and line ends are one blank each.
std::string rule_text(const ir::Rule& rule, const diag::SourceMap& sources);

}  // namespace polc::target
