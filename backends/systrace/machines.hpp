// Tests as automata over bytes, for all that does not go component by component: regular expressions without anchors, `?` and
// classes of fnmatch, parts of texts.
#pragma once

#include <optional>

#include "sets/machine.hpp"
#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {

/// The texts that the test takes. nullopt: back references and other words that are not the same to every regcomp, or too large.
std::optional<sets::Machine> machine_of(const Expression& test, unsigned year);

/// The texts that both take.
std::optional<sets::Machine> machine_of_both(const Expression& a, const Expression& b, unsigned year);

/// The same texts; its states and edges can be walked through. nullopt: too large.
std::optional<sets::Machine> without_empty_moves(const sets::Machine& machine);

/// Do all its texts begin with a slash? No where there is no machine.
bool begins_with_slash(const std::optional<sets::Machine>& machine);

/// A POSIX extended regular expression, found anywhere in a text; bytes, as in the C locale.
std::optional<sets::Machine> regex_machine(std::string_view regex);
/// fnmatch with FNM_PATHNAME | FNM_LEADING_DIR. OpenBSD's knows `[:alpha:]` and its like since 2008.
std::optional<sets::Machine> glob_machine(std::string_view pattern, bool knows_classes);

}  // namespace polc::systrace::syntax
