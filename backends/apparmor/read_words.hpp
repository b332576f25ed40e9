// The parser's names of families, types and signals, for the reader only.
#pragma once

#include <optional>
#include <string_view>

namespace polc::apparmor {

std::optional<int> domain_number(std::string_view name);
std::optional<int> type_number(std::string_view name);
std::optional<unsigned> signal_number(std::string_view name);

}  // namespace polc::apparmor
