// Anybody's profile, read as the set of what it permits.
#pragma once

#include "apparmor/model.hpp"

namespace polc::apparmor {

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

}  // namespace polc::apparmor
