// The text of a ruleset; see target/ruleset.hpp. Cannot fail.
#pragma once

#include "target/backend.hpp"

namespace polc::grsecurity {

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);

}  // namespace polc::grsecurity
