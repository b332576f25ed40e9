// The reader's entry; see backend.hpp.
#pragma once

#include "target/backend.hpp"

namespace polc::grsecurity {

target::ReadResult read(std::string_view text, const ir::Configuration& configuration,
                        const target::Settings& settings);

}  // namespace polc::grsecurity
