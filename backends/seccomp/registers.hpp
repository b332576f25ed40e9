// A call's arguments as an architecture's registers carry them. Conditions and points number arguments as the call's
// table does (x86_64's order); a filter sees registers.
//   on_registers(flags of clone == 0, clone, Arch::s390x)   the same of args[1]
#pragma once

#include <optional>

#include "ir/access.hpp"
#include "support/platform.hpp"

namespace polc::seccomp {

/// The condition on registers; nullopt: it asks for an argument that lies in memory there (x86's mmap).
std::optional<ir::Condition> on_registers(const ir::Condition& condition, CallId call, Arch arch);
/// What the registers hold when the call is made with these arguments.
sets::Arguments registers_of(const sets::Arguments& arguments, CallId call, Arch arch);
/// Both are the identity for this call, and the conditions of a policy of this architecture.
bool has_plain_registers(CallId call, Arch arch);

/// Where each register's halves come from among the call's arguments; what lies in none of them may be anything.
sets::ArgumentSpace::Halves arguments_behind(CallId call, Arch arch);
/// The arguments that the architecture's registers can carry, as the kernel reads them: a long of 32 bits is one, a high half or an
/// old call's upper bits are none.
sets::ArgumentSpace::Set carried(sets::ArgumentSpace& space, CallId call, Arch arch);

}  // namespace polc::seccomp
