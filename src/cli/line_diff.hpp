// What changed between two texts, as `diff -u` prints it: one hunk from the first difference to the last.
#pragma once

#include <string>
#include <string_view>

namespace polc::cli {

/// Empty when they are equal.
std::string unified_diff(const std::string& name, std::string_view before, std::string_view after);

}  // namespace polc::cli
