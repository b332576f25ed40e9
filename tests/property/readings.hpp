// Two readings of artefacts, compared apart from how `verify` does it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/compile.hpp"

namespace polc::property {

/// Do they permit the same, possibly and surely, answer the rest alike and give the same directives? What is too complex to
/// compare is not alike.
bool are_alike(const target::Reading& one, const target::Reading& other);

/// Of a text as the result's target reads it, one for each architecture that it is for; nullopt: for one of them it is unreadable.
std::optional<std::vector<target::Reading>> readings_of(const driver::TargetResult& result, const std::string& text);
bool are_alike(const std::vector<target::Reading>& some, const std::vector<target::Reading>& others);

/// The same of what is permitted alone, by single accesses near what the sets name: the first on which they differ.
std::optional<ir::Point> probed_difference(const eval::Meaning& one, const eval::Meaning& other);

}  // namespace polc::property
