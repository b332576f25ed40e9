// A profile's text, with the origin of each line.
#pragma once

#include "apparmor/model.hpp"

namespace polc::apparmor {

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);

}  // namespace polc::apparmor
