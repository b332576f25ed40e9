#pragma once

#include "target/backend.hpp"

namespace polc::systrace {

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

}  // namespace polc::systrace
