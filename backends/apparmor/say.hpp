// A profile as rules; see target/said.hpp.
#pragma once

#include "target/backend.hpp"

namespace polc::apparmor {

tl::expected<target::SaidText, target::ReadError> say(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

}  // namespace polc::apparmor
