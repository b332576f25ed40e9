// Raw text beside the policy's rules: the parser refuses a profile in which two patterns lead one name to two programs'
// confinements, and names no place.
#pragma once

#include <optional>
#include <string>

#include "apparmor/model.hpp"

namespace polc::apparmor {

struct RawConflict {
  diag::SourceRange raw;
  std::string pattern;                     // of the raw text
  std::optional<diag::SourceRange> other;  // the rule that it contradicts; nullopt: raw text, too
};
/// The first; nullopt: there is none, or the raw text cannot be read, which is reported elsewhere.
std::optional<RawConflict> find_raw_conflict(const ir::Policy& policy, const target::Settings& settings);

}  // namespace polc::apparmor
