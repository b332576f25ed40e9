// The IR in the language's own words: for dumps, witnesses, reports and the fidelity table. What it prints parses again.
//   text_of(Os::linux_os, point)  ->  write "/var/log/tor/a" type file
#pragma once

#include <string>

#include "ir/policy.hpp"

namespace polc::format {

/// An access in the language's words, short: dimensions at their ordinary value (type file, owner other, a zero mode,
/// stream of tcp ...) are left out where the point stays plain to a reader.
std::string text_of(Os os, const ir::Point& point);

/// Are there words for it? Not for an internet socket of a protocol without a name, for which text_of takes the nearest.
bool has_words(const ir::Point& point);

/// The same with every dimension that there are words for, so that the text names no other access.
std::string full_text_of(Os os, const ir::Point& point);

/// A set of accesses as the language says it, without `allow` and `;`. Boxes that need several accesses are joined by "; ".
std::string text_of(Os os, const ir::Box& box);

/// A reaction and what it is for, without `;`: default deny errno EACCES for socket
std::string text_of(Os os, const ir::Default& reaction);

/// The whole policy as a valid `.pol` file that lowers to an equal policy: one box a rule, everything expanded.
std::string dump(const ir::Policy& policy);

}  // namespace polc::format
