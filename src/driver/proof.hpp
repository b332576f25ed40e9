// Nothing is trusted: what was emitted is read back by the backend's own reader and asked, on every boundary of the policy
// and on everything the artefact mentions, whether it permits just what it should.
#pragma once

#include <functional>
#include <memory>

#include "driver/compile.hpp"

namespace polc::driver {

/// The artefact's reader. A difference is an internal error (P6014), what raw text opens is P5006 unless accepted.
std::shared_ptr<const target::Reader> proven(const TargetResult& result, diag::Sink& sink);

/// Asks `reader` on every boundary; `visit` gets each point on which it differs from what should be permitted, and whether
/// the reader permits it. Returns how many points were asked.
std::size_t differences(const target::Reader& reader, const eval::Meaning& permitted, const eval::Meaning& meaning,
                        const std::function<bool(const ir::Point&, bool permits)>& visit);

}  // namespace polc::driver
