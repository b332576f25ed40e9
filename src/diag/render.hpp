// Diagnostics as people or machines read them.
#pragma once

#include <span>
#include <string>

#include "diag/diagnostic.hpp"
#include "diag/source.hpp"

namespace polc::diag {

/// `FILE:LINE:COLUMN: error: message [P2003]`, the source line, a caret, notes and fix-its. At most 20 errors a file are
/// shown, the rest is counted. Any byte of the policy is printed safely: control characters and invalid UTF-8 as \xHH.
std::string render_text(const SourceMap& sources, std::span<const Diagnostic> diagnostics, bool colour);

/// One JSON document: {"version":1,"diagnostics":[{id,name,severity,message,file,line,column,endLine,endColumn,notes,fixes}]}.
/// The edits of `fixes` belong together; `safe` ones `polc lint --fix` makes.
std::string render_json(const SourceMap& sources, std::span<const Diagnostic> diagnostics);

}  // namespace polc::diag
