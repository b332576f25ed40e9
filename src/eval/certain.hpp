// Sets of which not all is known (order.hpp: Formulas), compared with each other. Such a set is wider than itself in compare()'s
// terms, for `in` asks for what is possible and `out` for what is sure. So two of them are held side by side by their bounds:
//   {.in = a, .out = at_most(b)}, {.in = b, .out = at_most(a)}, and the same of at_least(a) and at_least(b)
#pragma once

#include "eval/meaning.hpp"

namespace polc::eval {

/// What is possible, as a set of which all is known.
Meaning possible(const Meaning& meaning);
/// All that is possible or sure, as a set of which all is known.
Meaning at_most(const Meaning& meaning);
/// What is sure, as such a set.
Meaning at_least(const Meaning& meaning);

/// Is all known of both?
inline bool are_certain(const Meaning& a, const Meaning& b) { return a.order().is_certain() && b.order().is_certain(); }

}  // namespace polc::eval
