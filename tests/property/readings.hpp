// Two readings of artefacts, compared apart from how `verify` does it.
#pragma once

#include <optional>

#include "target/reader.hpp"

namespace polc::property {

/// Do they permit the same, possibly and surely, answer the rest alike and give the same directives? What is too complex to
/// compare is not alike.
bool are_alike(const target::Reading& one, const target::Reading& other);

/// The same of what is permitted alone, by single accesses near what the sets name: the first on which they differ.
std::optional<ir::Point> probed_difference(const eval::Meaning& one, const eval::Meaning& other);

}  // namespace polc::property
