// An OCI runtime's seccomp profile as runc and podman hand it to libseccomp, and what libseccomp makes of it.
#pragma once

#include <string>

#include "filter.hpp"

namespace polc::calls {

struct Exported {
  Filter filter;
  std::string wrong;  // what libseccomp would not take; else empty
};
/// The filter of all architectures of the profile (its JSON text), one of which is this.
Exported exported(const std::string& profile, const Machine& machine);

/// The form that libseccomp 2.5.4 merges wrongly or never ends over, for a call that has it: an inequality of an
/// argument that another rule of the call compares, too, or two comparisons of one argument in a rule (which runc takes
/// apart). Empty: none.
std::string mismerged(const std::string& profile);

}  // namespace polc::calls
