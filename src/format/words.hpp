// The smallest pieces of language 1 as text: strings, numbers, names with a number behind them. Internal to format.
//   quoted("a $b")  ->  "a \$b"     quoted_path("/etc/*")  ->  "/etc/\*"     number_text(0x10000)  ->  0x10000
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/access.hpp"
#include "knowledge/names.hpp"

namespace polc::format {

/// A STRING that stands for just these bytes, where no pattern is read.
std::string quoted(std::string_view bytes);
/// A STRING that stands for just this path (or abstract name), where a pattern is read.
std::string quoted_path(std::string_view bytes);
std::string quoted(const sets::PathPattern& pattern);

/// A value as people write it: small ones decimal, large ones in hex.
std::string number_text(std::uint64_t value);
/// A mode in octal, with its leading 0.
std::string mode_text(std::uint16_t mode);

/// A constant for an ioctl request, preferably one that is meant as such.
std::optional<std::string_view> find_request_name(Os os, std::uint32_t request);

std::string joined(const std::vector<std::string>& parts, std::string_view separator = ", ");

/// The intervals' text: `7`, `5-9`, joined by commas.
std::vector<std::string> range_texts(const sets::NumberSet& numbers);

/// `user "_tor" 1001`, `1001`, or `any` when nothing of it is known.
std::string account_text(ir::IdentityKind kind, const ir::Account& account);

/// Could the word stand bare after `option K =`?
bool is_bare_word(std::string_view word);

}  // namespace polc::format
