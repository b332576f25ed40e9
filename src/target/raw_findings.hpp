// What a policy's raw text changes of an artefact, told by reading it with and without. Private to target.
#pragma once

#include <vector>

#include "target/findings.hpp"

namespace polc::target {

/// `without`, `with`: the readings of the artefact without and with raw text; `printed`: the latter's origins. The steps that did
/// not suffice to tell all; else 0.
std::uint64_t add_raw_findings(const Source& source, const Backend& backend, const Reading& without, const Reading& with, const Printed& printed,
                               std::vector<RawFinding>& out);

}  // namespace polc::target
