// The records of one event as accesses. Internal to the reader of audit records.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "learn/evidence.hpp"

namespace polc::learn {

/// `type=SYSCALL msg=audit(1700000000.123:456): ...`, and what stands before it. Views of the line.
struct AuditRecord {
  std::string_view node, serial,
      type;  // the type as written: a word or a number. No serial: the record says all by itself
  std::string_view body;

  /// A type has a name and a number (include/uapi/linux/audit.h).
  bool is(std::string_view name, std::string_view number) const { return type == name || type == number; }
};
std::optional<AuditRecord> audit_record_of(std::string_view line);

/// Can an event be told by it, alone or with those that follow? Is it one that follows a call? Is it an event's last?
bool begins_event(const AuditRecord& record);
bool follows_call(const AuditRecord& record);
bool ends_event(const AuditRecord& record);

struct AuditEvent {
  std::string program;  // empty: unknown
  Outcome outcome;
  std::string access;
};
/// `program`: of an event that does not tell; `domain_program`: who made a Landlock domain.
std::vector<AuditEvent> audit_events_of(const std::vector<AuditRecord>& records, const std::string& program,
                                        const std::string& domain_program);

}  // namespace polc::learn
