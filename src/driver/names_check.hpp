// Names that sema cannot look up, since it knows no target and no command line.
#pragma once

#include "driver/compile.hpp"

namespace polc::driver {

/// The targets that a program names in `@accept`, `target` and `deploy`, whether it is compiled for them or not.
void check_target_names(const sema::Program& program, Backends backends, diag::Sink& sink);

/// What --option and --format say of the request's targets. False: one does not know it, and that is said.
bool check_settings(const CompileRequest& request, Backends backends, diag::Sink& sink);

/// What --policy and --variant name in a program. False: it has no such thing, and that is said.
bool check_choices(const sema::Program& program, const CompileRequest& request, diag::Sink& sink);

/// The target of that name. nullptr: reported, with the one that was probably meant.
const target::Backend* backend_named(Backends backends, const std::string& name, diag::Sink& sink);

}  // namespace polc::driver
