// A rule set in each of the formats.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "landlock/choose.hpp"

namespace polc::landlock {

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);

/// What a printer is given.
struct Sheet {
  const Ruleset& rules;
  const target::Source& source;

  const std::string& name() const { return source.policy.name; }
  /// Of a rule: the places of the policy's rules behind it, "redis.pol:37:3"; sorted, each once.
  std::vector<std::string> places(const target::Behind& behind) const;
};

/// Of the line of a rule, or of one that polc needs for itself.
target::Origin origin_of(const target::Behind& behind);
/// Of the line that says what is handled.
target::Origin origin_of_handled(const Ruleset& rules);
/// "READ_FILE,READ_DIR"; none is "-".
std::string names_of(std::span<const knowledge::LandlockRight> known, Rights rights);
/// A name that C takes: what is no letter and no digit is `_`.
std::string identifier_of(std::string_view name);

/// The rights that a tool puts on a path, which cannot ask whether it is a directory.
Rights untyped_rights(const PathRule& rule);

// print_text.cpp, print_header.cpp, print_config.cpp, print_setpriv.cpp
target::Printed text_of(const Sheet& sheet);
target::Printed header_of(const Sheet& sheet);
target::Printed toml_of(const Sheet& sheet);
target::Printed json_of(const Sheet& sheet);
target::Printed setpriv_of(const Sheet& sheet);

}  // namespace polc::landlock
