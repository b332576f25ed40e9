// What the texts of a test are, as sets: `filename re "^/etc/.+$"` takes the paths of /etc/**. Read from the test alone, by
// systrace's rules; the emitter has its own idea of them, and the proof compares the two.
#pragma once

#include <optional>
#include <vector>

#include "ir/access.hpp"
#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {

/// The absolute paths that the test takes; nullopt: more than patterns can say (or than this reader understands).
std::optional<std::vector<sets::PathPattern>> paths_of(const Expression& test);

/// The addresses that the test takes, without verbs; nullopt as above.
std::optional<std::vector<ir::NetBox>> addresses_of(const Expression& test);

/// Every path.
std::vector<sets::PathPattern> every_path();

}  // namespace polc::systrace::syntax
