// The IR in the language's own words: for dumps, witnesses, reports and the fidelity table. What it prints parses again.
//   text_of(Os::linux_os, point)  ->  write "/var/log/tor/a" type file
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/policy.hpp"

namespace polc::format {

/// An access in the language's words, short: dimensions at their ordinary value (type file, owner other, a zero mode,
/// stream of tcp ...) are left out where the point stays plain to a reader.
std::string text_of(Os os, const ir::Point& point);

/// Are there words for it? Not for an internet socket of a protocol without a name, for which text_of takes the nearest.
bool has_words(const ir::Point& point);

/// What a text says that a short one leaves out.
struct Spelled {
  bool type = false, mode = false;  // of a file
  bool numbers = false;             // of a socket: family, type and protocol by number, which only questions take
  std::uint8_t zeros = 0;           // a bit for each argument of a call that is said although it is zero
};
std::string text_of(Os os, const ir::Point& point, Spelled spelled);

/// The same with every dimension that there are words for, so that the text names no other access.
std::string full_text_of(Os os, const ir::Point& point);

/// A set of accesses as the language says it, without `allow` and `;`. Boxes that need several accesses are joined by "; ".
std::string text_of(Os os, const ir::Box& box);

/// The same, each access by itself; none: no access says it.
std::vector<std::string> access_texts(Os os, const ir::Box& box);
/// Of several: six that together say `any` become that word.
std::vector<std::string> access_texts(Os os, const std::vector<ir::Box>& boxes);

/// A STRING that stands for just these bytes; in a place where a pattern is read.
std::string string_text(std::string_view bytes);
std::string path_text(std::string_view bytes);
/// What stands behind `option K =`: bare where it can.
std::string word_text(std::string_view word);

/// A test of 64 bits as the call's own argument takes it, where the bits allow: then it goes by the argument's name.
ir::ArgumentTest as_argument(Os os, CallId call, ir::ArgumentTest test);

/// A reaction and what it is for, without `;`: default deny errno EACCES for socket
std::string text_of(Os os, const ir::Default& reaction);

/// The whole policy as a valid `.pol` file that lowers to an equal policy: one box a rule, everything expanded.
std::string dump(const ir::Policy& policy);

}  // namespace polc::format
