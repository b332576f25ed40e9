// A unit or drop-in as a policy: what it leaves possible, and what it takes away.
#pragma once

#include "target/backend.hpp"
#include "target/said.hpp"

namespace polc::systemd {

tl::expected<target::SaidText, target::ReadError> say(std::string_view text, const ir::Configuration& configuration,
                                                      const target::Settings& settings);

}  // namespace polc::systemd
