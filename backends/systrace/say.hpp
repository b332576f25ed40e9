// A policy file as rules; see target/said.hpp.
#pragma once

#include "target/backend.hpp"

namespace polc::systrace {

tl::expected<target::SaidText, target::ReadError> say(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

}  // namespace polc::systrace
