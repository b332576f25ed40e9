#include "learn/audit_event.hpp"

#include <algorithm>
#include <array>

#include "learn/audit_call.hpp"
#include "learn/record.hpp"
#include "learn/told.hpp"

namespace polc::learn {
namespace {

constexpr std::array<std::string_view, 3> told_alone{"AVC", "SECCOMP", "LANDLOCK_ACCESS"};

// journald's own form has no serial: `host audit[712]: AVC apparmor="DENIED" ...`. A record that needs no other is read
// in it, too.
std::optional<AuditRecord> journal_record_of(std::string_view line) {
  constexpr std::string_view mark = " audit[", behind = "]: ";
  const std::size_t begin = line.find(mark), end = begin == line.npos ? begin : line.find(behind, begin);
  if (end == line.npos) return std::nullopt;
  AuditRecord record;
  record.body = line.substr(end + behind.size());
  record.type = record.body.substr(0, record.body.find(' '));
  if (std::ranges::find(told_alone, record.type) == told_alone.end()) return std::nullopt;
  return record;
}

}  // namespace

std::optional<AuditRecord> audit_record_of(std::string_view line) {
  constexpr std::string_view mark = "audit(";
  const std::size_t begin = line.find(mark);
  if (begin == line.npos) return journal_record_of(line);
  const std::size_t end = line.find("):", begin);
  if (end == line.npos) return std::nullopt;
  AuditRecord record;
  record.serial = line.substr(begin + mark.size(), end - begin - mark.size());
  if (record.serial.find(':') == record.serial.npos ||
      record.serial.find_first_not_of("0123456789.:") != record.serial.npos)
    return std::nullopt;
  record.body = line.substr(end + 2);
  const std::string_view before = line.substr(0, begin);
  if (const std::size_t type = before.rfind("type="); type != before.npos)
    record.type = before.substr(type + 5, before.find(' ', type) - type - 5);
  if (before.starts_with("node=")) record.node = before.substr(5, before.find(' ') - 5);
  if (!std::ranges::all_of(record.node, [](char c) { return c > ' ' && c <= '~'; })) return std::nullopt;
  return record;
}

bool begins_event(const AuditRecord& record) {
  return record.is("SYSCALL", "1300") || record.is("AVC", "1400") || record.is("SECCOMP", "1326") ||
         record.is("LANDLOCK_ACCESS", "1423") || record.is("LANDLOCK_DOMAIN", "1424") || record.type.empty();
}
bool follows_call(const AuditRecord& record) {
  return record.is("PATH", "1302") || record.is("CWD", "1307") || record.is("SOCKADDR", "1306") ||
         record.is("OPENAT2", "1337");
}
bool ends_event(const AuditRecord& record) { return record.is("EOE", "1320") || record.is("PROCTITLE", "1327"); }

std::vector<AuditEvent> audit_events_of(const std::vector<AuditRecord>& records, const std::string& program,
                                        const std::string& domain_program) {
  std::vector<AuditEvent> events;
  std::string executable;
  std::optional<Record> call;
  bool is_refusal = false;
  for (const AuditRecord& record : records)
    if (record.is("SYSCALL", "1300")) call = Record(record.body), executable = call->bytes("exe");
  for (const AuditRecord& record : records) {
    if (record.is("SYSCALL", "1300") || follows_call(record)) continue;
    const Record fields(record.body);
    const bool is_told =
        fields.has("apparmor") || fields.has("blockers") || (fields.has("syscall") && fields.has("code"));
    const auto told = is_told ? told_of(record.body) : std::nullopt;
    if (!told || told->target.empty()) continue;  // who refused is in a code that is damaged
    is_refusal = true;
    const std::array<std::string_view, 4> known{
        told->program, executable, domain_program,
        told->profile.starts_with('/') ? std::string_view(told->profile) : std::string_view()};
    const auto whose = std::ranges::find_if(known, [](std::string_view one) { return !one.empty(); });
    const Outcome outcome{told->happened ? Outcome::Kind::would : Outcome::Kind::refused, "", "", told->target};
    for (const std::string& access : told->accesses)
      events.push_back({whose == known.end() ? program : std::string(*whose), outcome, access});
  }
  return is_refusal || !call ? events : events_of_call(*call, records);
}

}  // namespace polc::learn
