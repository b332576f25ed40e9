// What a question means that names no type: `query 'read "/etc/shadow"'` is about the file, not about a symbolic link of that name,
// whose text `read` covers too. Expectations keep their own rule: there `allow` asks for some type, `deny` for all.
#pragma once

#include "driver/asked.hpp"

namespace polc::driver {

/// Of each verb that has a usual object (`file` of read, `dir` of chdir), where the words leave the type out, that one alone.
AccessBoxes with_usual_types(const AccessBoxes& boxes);

}  // namespace polc::driver
