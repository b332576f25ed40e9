// Boxes of names, for what a profile permits.
#pragma once

#include <vector>

#include "apparmor/read_rules.hpp"

namespace polc::apparmor {

/// Every path, the root included.
const std::vector<sets::PathPattern>& every_name();
/// Pairs of an object that a rule is about.
ir::PairBox pairs(FileVerbs verbs, std::vector<sets::PathPattern> from, std::vector<sets::PathPattern> to, FileTypes types, const ReadRule& rule);
/// The ends of a link: it is no directory, so no name that ends in a slash.
std::vector<sets::PathPattern> link_ends(const std::vector<Place>& places);

}  // namespace polc::apparmor
