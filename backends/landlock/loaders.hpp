// Where dynamic programs of an architecture have their ELF interpreter, links resolved.
#pragma once

#include <span>
#include <string_view>

#include "support/platform.hpp"

namespace polc::landlock {

/// The first is Debian's. Sources: the multi-arch directories of Debian 12 and 13, Fedora 41 and Alpine 3.20.
std::span<const std::string_view> usual_loaders(Arch arch);

}  // namespace polc::landlock
