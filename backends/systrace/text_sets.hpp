// What the texts of a test are, as sets: `filename re "^/etc/.+$"` takes the paths of /etc/**. Read from the test alone, by
// systrace's rules.
#pragma once

#include <optional>
#include <vector>

#include "ir/access.hpp"
#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {

/// The absolute paths that the test takes; by component where the test goes so, else as an automaton.
/// nullopt: more than either can say.
std::optional<std::vector<sets::PathPattern>> paths_of(const Expression& test, unsigned year);

/// The addresses that the test takes, without verbs; nullopt as above. Unix sockets' paths in their plain spelling only.
std::optional<std::vector<ir::NetBox>> addresses_of(const Expression& test, unsigned year);

/// May it take a unix address in another spelling than the plain one: relative, or with `//`, `/./` or `/../` in it? What is
/// spelled like an internet address is taken for one.
bool takes_detours(const Expression& test, unsigned year);

/// Of a regular expression: does every text that it takes begin with a slash?
bool takes_only_paths(const Expression& test, unsigned year);

/// `eq "1001"`: the one number; `re "^_tor$"`: the one name. nullopt: something else.
std::optional<std::uint32_t> number_of(const Expression& test);
std::optional<std::string> name_of(const Expression& test);

/// Does it take every text?
bool takes_every_text(const Expression& test);

/// Every path.
std::vector<sets::PathPattern> every_path();

}  // namespace polc::systrace::syntax
