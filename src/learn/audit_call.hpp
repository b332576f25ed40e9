// A SYSCALL record, and the records that follow it, as the call that strace would have shown: what is true of a call is
// then said once for both kinds of log. Internal to the reader of audit records.
//   syscall=257 a0=ffffff9c a2=80000, CWD "/srv", PATH "a"  ->  openat(AT_FDCWD, "a", O_RDONLY|O_CLOEXEC)
// No record says what a descriptor leads to: a name that is relative to one stays unknown. Nothing is kept from one
// event to the next, for a log may be cut between any two.
#pragma once

#include <vector>

#include "learn/audit_event.hpp"
#include "learn/record.hpp"

namespace polc::learn {

/// `call`: the SYSCALL record's fields; `records`: all of its event. No events: polc does not know the call.
std::vector<AuditEvent> events_of_call(const Record& call, const std::vector<AuditRecord>& records);

}  // namespace polc::learn
