// A profile's pattern as our own patterns, so that artefact and policy are compared as sets; for the reader only.
//   places_of("/srv{,/,/**}")  ->  /srv (not dirs), /srv (dirs), /srv/** (all)
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "apparmor/model.hpp"

namespace polc::apparmor {

struct Place {
  sets::PathPattern pattern;
  FileTypes types;
};

/// nullopt: our patterns cannot say it (a byte that is part of a character, a star that may match nothing ...).
std::optional<std::vector<Place>> places_of(std::string_view text);

}  // namespace polc::apparmor
