// Nothing is trusted: what was emitted is read back by the backend's own reader and compared with what it should permit: as
// a set where the reader can, else on the boundaries of the policy and on what the artefact mentions.
#pragma once

#include <functional>
#include <memory>

#include "driver/compile.hpp"

namespace polc::driver {

/// The artefact's reader. A difference is an internal error (P6014), what raw text opens is P5006 unless accepted.
std::shared_ptr<const target::Reader> proven(const TargetResult& result, diag::Sink& sink);

/// P6014, or P6018 where the proof's bound ended it.
void report(const target::ProofFailure& failure, const TargetResult& result, diag::Sink& sink);

/// Gets a point on which an artefact differs from what should be permitted, and whether it permits it; false: enough.
using DifferenceVisitor = std::function<bool(const ir::Point&, bool permits)>;

/// Where the reader knows the artefact as a set, every access is compared and 0 is returned. Else it is asked on the
/// boundaries, about `at_most` of each side and of what it mentions; the number of points asked is returned.
std::size_t differences(const target::Reader& reader, const eval::Meaning& permitted, const eval::Meaning& meaning,
                        std::size_t at_most, const DifferenceVisitor& visit);

}  // namespace polc::driver
