// Confinement that is only inherited (Backend::is_inherited): what a program executes stays under the artefact of the policy that
// executed it, whatever else it is put under. So the successor of an exec can only lose rights (docs/language.md, section 1.5).
#pragma once

#include <vector>

#include "target/backend.hpp"
#include "target/ruleset.hpp"

namespace polc::target {

/// The exec rules that lead to one of Settings::losing, for choose.
std::vector<Gap> losing_gaps(const Source& source, const Settings& settings);

/// For the reader of a target that sees no exec, when all of them stand in plane 0 as permitted: that of Settings::losing succeeds
/// but surely does not lead where it should. `free_plane`: one that nothing else uses.
void add_losing(const Settings& settings, std::uint8_t free_plane, std::vector<eval::Part>& parts, eval::Formulas& formulas);

}  // namespace polc::target
