// A profile's pattern as our own patterns, so that artefact and policy are compared as sets; for the reader only.
//   places_of("/srv{,/,/**}")  ->  /srv (not dirs), /srv (dirs), /srv/** (all)
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "apparmor/model.hpp"
#include "apparmor/read_text.hpp"

namespace polc::apparmor {

struct Place {
  sets::PathPattern pattern;
  FileTypes types;
};

/// Component by component where that can be said, for such patterns are compared faster, else as an automaton over
/// bytes (sets::Machine). nullopt: it is no pattern, or has too many states.
std::optional<std::vector<Place>> places_of(std::string_view text);
/// The same of a text whose escapes are off; `spelling` is what people read of it.
std::optional<std::vector<Place>> places_of(const Symbols& symbols, std::string_view spelling);

}  // namespace polc::apparmor
