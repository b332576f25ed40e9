// The error names that a policy file of systrace may give to a deny.
#pragma once

#include <string_view>

namespace polc::systrace {

/// In capitals. systrace(1) carries a list of its own, OpenBSD's <errno.h> as it was before ENOATTR (83): EPERM to EIPSEC, and
/// ELAST. A file with another name is refused as a whole.
bool has_error_name(std::string_view name);

}  // namespace polc::systrace
