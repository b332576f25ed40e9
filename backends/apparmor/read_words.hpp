// The parser's names of families, types and signals, for the reader only.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace polc::apparmor {

std::optional<int> domain_number(std::string_view name);
std::optional<int> type_number(std::string_view name);
/// The families and types of the sockets that a protocol's word is about; none: it is no such word.
std::span<const std::pair<int, int>> sockets_of_protocol(std::string_view name);
std::optional<unsigned> signal_number(std::string_view name);

}  // namespace polc::apparmor
