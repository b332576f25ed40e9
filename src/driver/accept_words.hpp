// `@accept(wider: T, ...)` where the verdict is `unmediated`, or the other way round: which of the two words for what is open is right
// follows from the artefact, and the other accepts nothing.
#pragma once

#include <vector>

#include "driver/compile.hpp"

namespace polc::driver {

/// A hint to write the other word, for each that accepts nothing on its target, in no platform, and would with that word. Looked at
/// are the targets that a policy accepts something of, beside those that it deploys.
std::vector<diag::Diagnostic> wrong_accept_words(const sema::Program& program, const CompileRequest& request, Backends backends,
                                                 const diag::SourceMap& sources);

}  // namespace polc::driver
