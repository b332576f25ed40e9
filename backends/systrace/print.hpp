#pragma once

#include "target/backend.hpp"

namespace polc::systrace {

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);

}  // namespace polc::systrace
