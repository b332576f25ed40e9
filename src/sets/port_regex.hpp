// Port sets as POSIX extended regular expressions for systrace, and the independent reader that checks them.
//   port_regex_blocks(PortSet::range(1024, 65535), PortMode::domain) is the classic split, as the how-to writes it:
//   {"102[4-9]", "10[3-9][0-9]", "1[1-9][0-9]{2}", "[2-9][0-9]{3}", "[1-9][0-9]{4}"}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sets/interval_set.hpp"

namespace polc::sets {

/// domain: 65536-99999 can never be printed, so a regex may match them; strict: it may not.
enum class PortMode : std::uint8_t { domain, strict };

/// One regex a block of the classic split, in ascending order. Each is a sequence of digits, classes and {n}: no
/// alternation, so it can stand unparenthesised between `]:` and `$`. Runs of two or more `[0-9]` are written `[0-9]{n}`.
std::vector<std::string> port_regex_blocks(const PortSet& ports, PortMode mode);

/// All blocks as one alternation without outer parentheses.
std::string port_regex(const PortSet& ports, PortMode mode);

/// The shortest regex known for the set, factored; to be parenthesised next to anything.
///   short_port_regex(PortSet::range(9001, 9100), PortMode::strict) is `9(00[1-9]|0[1-9][0-9]|100)`
std::string short_port_regex(const PortSet& ports, PortMode mode);

/// The decimal numbers 0-99999 without leading zeros that the (anchored) regex matches, by a parser of its own that knows
/// digits, classes, `.`, `?`, `{n}`, `{m,n}`, `|` and groups. nullopt: not a regex of that kind, or it matches a string
/// that is no such number.
std::optional<IntervalSet<std::uint32_t>> read_port_regex(std::string_view regex);

}  // namespace polc::sets
