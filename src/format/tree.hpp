// The syntax tree as an outline, one node a line with its place: what --dump=ast prints.
#pragma once

#include <string>

#include "diag/source.hpp"
#include "syntax/ast.hpp"

namespace polc::format {

/// `policy web  3:1`, and below it, indented, `allow read  4:3`. Every item and statement has a line; of an access the kind
/// and its words, of a value the text as written.
std::string tree_of(const ast::File& file, const diag::SourceMap& sources);

}  // namespace polc::format
