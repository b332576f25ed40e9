// What a policy's raw text changes of an artefact, told by reading it with and without. Private to target.
#pragma once

#include <vector>

#include "target/findings.hpp"

namespace polc::target {

/// `without`, `with`: the readings of the artefact without and with raw text; `printed`: the latter's origins. False: too
/// complex to tell.
bool add_raw_findings(const Source& source, const Backend& backend, const Reading& without, const Reading& with, const Printed& printed,
                      std::vector<RawFinding>& out);

}  // namespace polc::target
