// The records of one event as accesses. Internal to the reader of audit records.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "learn/evidence.hpp"

namespace polc::learn {

/// `type=SYSCALL msg=audit(1700000000.123:456): ...`, and what stands before it.
struct AuditRecord {
  std::string_view node, serial, type;  // the type as written: a word or a number
  std::string_view body;
};
std::optional<AuditRecord> audit_record_of(std::string_view line);

/// Does the record begin an event that others follow (SYSCALL)? Does it end one (EOE, PROCTITLE)? Does it say all by itself?
bool begins_event(const AuditRecord& record);
bool ends_event(const AuditRecord& record);

struct AuditEvent {
  std::string program;  // empty: unknown
  Outcome outcome;
  std::string access;
};
/// `program`: of an event that does not tell; `domain_program`: who made a Landlock domain.
std::vector<AuditEvent> audit_events_of(const std::vector<std::string_view>& lines, const std::string& program, const std::string& domain_program);

}  // namespace polc::learn
