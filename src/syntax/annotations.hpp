// Which annotations there are and what stands in their parentheses.
#pragma once

#include "diag/sink.hpp"
#include "syntax/ast.hpp"

namespace polc::syntax {

/// Reports an annotation that nobody knows, and a known one whose notes are not of its shape.
void check_annotation(const ast::Annotation& annotation, diag::Sink& sink);

}  // namespace polc::syntax
