// In which ways an access can be made: the calls that do it, with their arguments as systrace prints them.
#pragma once

#include <vector>

#include "ir/access.hpp"
#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {

/// One call does it by any of its events (an open with these flags or those).
using Events = std::vector<Event>;

struct Ways {
  std::vector<Events> usual;  // each call that programs make for it: what is surely permitted, all of them permit
  Events others;              // with them it is possible
  Events all() const;
};

/// Of a file access but xattr, rename and link.
Ways ways_of(FileVerb verb, FileType type, const Dialect& dialect);
/// Of rename and link.
Ways ways_of(FileVerb verb, const Dialect& dialect);
/// With an address as systrace prints it, and of a unix socket in other spellings.
Ways ways_of(NetVerb verb, const Dialect& dialect);
Events spelled_otherwise(NetVerb verb, const Dialect& dialect);
Ways ways_of(ir::IdentityKind kind);

/// The call with any arguments.
Event call_event(std::string_view call, unsigned year);
/// open() that truncates; creates; reads; writes; appends: by its flags, any path.
struct OpenKind {
  Events events;
  std::uint64_t mask = 0;  // of the flags
  std::vector<std::uint64_t> values;
};
std::vector<OpenKind> open_kinds(const Dialect& dialect);

}  // namespace polc::systrace::syntax
