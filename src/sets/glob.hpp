// One component of a pattern, taken apart into steps: what a backend translates and what the automaton is built from.
//   glob_steps({Kind::glob, "lib[a-c]*.so"})  ->  l i b {a..c} star . s o
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sets/interval_set.hpp"
#include "sets/path_pattern.hpp"

namespace polc::sets {

struct GlobStep {
  enum class Kind : std::uint8_t {
    byte,  // exactly `byte`
    one,   // `?`: one UTF-8 character except `/`
    set,   // `[..]`: one UTF-8 character of `characters`
    star,  // `*`: any bytes but `/` (in an abstract name: any bytes), also none; also bytes that are no UTF-8
  };
  Kind kind = Kind::byte;
  char byte = 0;
  NumberSet characters;  // code points, for `set` only; never `/`, NUL, a surrogate, or all there are
  bool operator==(const GlobStep&) const = default;
};

/// Every code point that `?` matches.
const NumberSet& all_characters();

/// The steps of a literal, glob or name. A component that is only `*` also has just the step `star`, though as a glob
/// it needs one byte.
std::vector<GlobStep> glob_steps(const Component& component);

/// Do the steps match this name, from end to end? Adds what it cost to `work`.
bool steps_match(const std::vector<GlobStep>& steps, std::string_view name, std::uint64_t& work);

/// The canonical spelling of steps, that is Component::text of a glob.
std::string glob_text(const std::vector<GlobStep>& steps);

/// A pattern's spelling, as it stands between quotes, with its escapes decoded. Understands just what text() prints.
PatternText decoded_pattern(std::string_view spelling);

/// The opposite: what to write between quotes to get this text.
std::string spelled_pattern(const PatternText& text);

}  // namespace polc::sets
