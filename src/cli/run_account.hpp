// --user=NAME[:GROUP] as numbers, asked of the system's own tables before anything is restricted.
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "sandbox/plan.hpp"

namespace polc::cli {

/// With all the groups that the user belongs to; a GROUP takes the place of the user's own.
tl::expected<sandbox::Account, std::string> account_called(const std::string& words);

}  // namespace polc::cli
