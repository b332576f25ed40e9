// What a careful reviewer would ask about: every finding of src/lint in every platform of a program.
#pragma once

#include "driver/compile.hpp"
#include "lint/suppress.hpp"

namespace polc::driver {

/// The findings that are left. Mistakes of the policy itself go to `sink`; then nothing was looked for.
lint::Findings lint(const sema::Program& program, const CompileRequest& request, const lint::Chosen& chosen, diag::SourceMap& sources,
                diag::Sink& sink);

}  // namespace polc::driver
