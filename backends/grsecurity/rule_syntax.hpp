// Pieces of network rules, for the reader's parser.
#pragma once

#include "grsecurity/syntax.hpp"

namespace polc::grsecurity {

/// A decimal number; nullopt: it is none, or larger.
std::optional<std::uint32_t> read_number(std::string_view text, std::uint32_t largest);
/// ADDR[/BITS][:PORT[-PORT]] into the rule; what is wrong, if anything.
std::optional<std::string> read_endpoint(std::string_view text, bool is_old, AclRule& rule);
/// A type or a protocol; false: it is neither.
bool add_word(std::string_view word, bool is_old, AclRule& rule);
/// The number of AF_*; nullopt: unknown (`all` is none).
std::optional<std::uint32_t> find_family(std::string_view word);

}  // namespace polc::grsecurity
