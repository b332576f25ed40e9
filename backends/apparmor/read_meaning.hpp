// A whole profile as a set of accesses, so that it is compared with what was meant exactly; for the reader only.
#pragma once

#include <optional>

#include "apparmor/read_rules.hpp"
#include "eval/meaning.hpp"

namespace polc::apparmor {

/// nullopt: it has rules that no boxes say (patterns of bytes, the letter `l`, exec rules that beat one another ...).
std::optional<eval::Meaning> meaning_of(const ReadProfile& profile);

}  // namespace polc::apparmor
