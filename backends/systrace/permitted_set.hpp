// What a policy file permits of files and of the network, as one set: the first match in order, the aliases behind the
// calls, the kernel's table before both, folded into allows less denies.
#pragma once

#include "eval/meaning.hpp"
#include "systrace/events.hpp"

namespace polc::systrace::syntax {

struct PermittedSet {
  eval::Meaning meaning;
  bool files = false;     // it says everything about files; else nothing
  bool networks = false;  // likewise
};

/// A class is left out where its rules are more than patterns can say, or interleave permits and denies so that
/// allows less denies cannot say them.
PermittedSet permitted_set(const File& file, const Dialect& dialect, const Accounts& accounts);

}  // namespace polc::systrace::syntax
