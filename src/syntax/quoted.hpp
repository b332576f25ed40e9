// The author's own words inside a message: cut to a bearable length, at a character's border.
#pragma once

#include <string>
#include <string_view>

namespace polc::syntax {

/// "a very long na..." Control characters are the renderers' business.
std::string clipped(std::string_view text);

/// clipped(), in backticks.
std::string quoted(std::string_view text);

}  // namespace polc::syntax
