// The reader's entry; see target/reader.hpp.
#pragma once

#include "target/backend.hpp"

namespace polc::grsecurity {

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

}  // namespace polc::grsecurity
