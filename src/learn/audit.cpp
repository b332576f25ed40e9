#include "learn/audit.hpp"

#include <algorithm>

#include "learn/audit_event.hpp"
#include "learn/record.hpp"

namespace polc::learn {
namespace {

// Records of several events may be interleaved; so many are waited for.
constexpr std::size_t most_pending = 64;

// The kernel says itself that lines are missing.
bool tells_of_loss(std::string_view line) {
  return line.find("callbacks suppressed") != line.npos || line.find("rate limit exceeded") != line.npos ||
         line.find("audit_lost") != line.npos || line.find("backlog limit exceeded") != line.npos;
}

bool is_cut(std::string_view line) {
  return line.find("audit(") != line.npos || line.starts_with("type=") || line.starts_with("node=");
}

// What stands behind it are copies for people (auditd's ENRICHED).
constexpr char enriched = '\x1d';

// Only a domain's first record names the program that made it.
struct Domain {
  std::string id, program;  // empty: the record does not name it
  bool is_access = false;
};
std::optional<Domain> domain_of(const AuditRecord& record) {
  if (!record.is("LANDLOCK_ACCESS", "1423") && !record.is("LANDLOCK_DOMAIN", "1424")) return std::nullopt;
  const Record fields(record.body);
  return Domain{fields.word("domain"), fields.bytes("exe"), fields.has("blockers")};
}

std::string program_of_domain(const std::vector<AuditRecord>& records,
                              const std::map<std::pair<std::string, std::string>, std::string>& domains) {
  for (const AuditRecord& record : records)
    if (const auto domain = domain_of(record))
      if (const auto known = domains.find({std::string(record.node), domain->id}); known != domains.end())
        return known->second;
  return "";
}

}  // namespace

bool is_audit(std::string_view begin) {
  for (unsigned lines = 0; !begin.empty() && lines < 200; ++lines) {
    const std::size_t end = std::min(begin.find('\n'), begin.size());
    if (audit_record_of(begin.substr(0, end))) return true;
    begin.remove_prefix(std::min(end + 1, begin.size()));
  }
  return false;
}

void AuditReader::add(std::string_view line) {
  ++account_.lines;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (const auto record = audit_record_of(line)) return take(*record, line);
  if (tells_of_loss(line)) account_.is_complete = false;
  else if (is_cut(line) && account_.damaged++ == 0) account_.first_damaged = account_.lines;
  // A log of the kernel or the journal has much else.
}

void AuditReader::take(const AuditRecord& record, std::string_view line) {
  if (record.serial.empty()) return tell({record}, account_.lines);
  const bool is_end = ends_event(record);
  if (!is_end && !begins_event(record) && !follows_call(record))
    return;  // EXECVE among them: arguments are nobody's business
  const Key key(record.node, record.serial);
  const auto [found, is_new] = pending_.try_emplace(key, Pending{key.first, key.second});
  if (is_new) {
    order_.push_back(key);
    found->second.may_be_cut = !has_ended_ && begun_++ < most_pending;
  }
  if (!is_end) found->second.lines.push_back({std::string(line.substr(0, line.find(enriched))), account_.lines});
  if (!is_end && order_.size() <= most_pending) return;
  has_ended_ |= is_end;
  const auto done = is_end ? found : pending_.find(order_.front());
  std::erase(order_, done->first);
  release(done->second);
  pending_.erase(done);
}

void AuditReader::release(const Pending& event) {
  std::vector<AuditRecord> records;
  bool has_begin = false, is_of_unknown = false;
  for (const Line& line : event.lines) {
    records.push_back(*audit_record_of(line.text));
    has_begin |= begins_event(records.back());
    if (const auto domain = domain_of(records.back()); domain && !domain->program.empty())
      domains_[{event.node, domain->id}] = domain->program;
    else if (domain) is_of_unknown |= domain->is_access && !domains_.contains({event.node, domain->id});
  }
  if (event.may_be_cut || !has_begin || is_of_unknown) return keep(event, [](const AuditRecord&) { return true; });
  keep(event, [](const AuditRecord& record) {  // another part may have what was refused in it
    const auto domain = domain_of(record);
    return domain && !domain->is_access && !domain->program.empty();
  });
  tell(records, event.lines.front().number);
}

void AuditReader::tell(const std::vector<AuditRecord>& records, std::uint64_t line) {
  for (const AuditEvent& one : audit_events_of(records, program_, program_of_domain(records, domains_)))
    events_.add(one.program, one.outcome, one.access, line);
}

void AuditReader::keep(const Pending& event, const auto& which) {
  for (const Line& line : event.lines)
    if (which(*audit_record_of(line.text)))
      parts_.push_back({event.node, event.serial, line.text, {{0, 1, line.number}}});
}

TraceAccount AuditReader::finish(Evidence& evidence) {
  for (const Key& key : order_) keep(pending_.at(key), [](const AuditRecord&) { return true; });
  pending_.clear(), order_.clear();
  account_.unknown += events_.move_into(evidence);
  evidence.parts = std::move(parts_);
  return account_;
}

Evidence with_parts_joined(Evidence evidence, const std::string& program) {
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::vector<const Part*>> events;
  std::map<Key, std::string> domains;
  for (const Part& part : evidence.parts) {
    const auto record = audit_record_of(part.record);
    if (!record) continue;
    events[{part.node, part.serial}].push_back(&part);
    if (const auto domain = domain_of(*record); domain && !domain->program.empty())
      domains[{part.node, domain->id}] = domain->program;
  }
  std::vector<Event> joined;
  for (const auto& [key, parts] : events) {
    std::vector<AuditRecord> records;
    for (const Part* part : parts) records.push_back(*audit_record_of(part->record));
    const Part* const earliest = *std::min_element(
        parts.begin(), parts.end(), [](const Part* a, const Part* b) { return a->places.front() < b->places.front(); });
    const Place first = earliest->places.front();
    for (const AuditEvent& one : audit_events_of(records, program, program_of_domain(records, domains)))
      joined.push_back({one.program, one.outcome, one.access, {{first.source, 1, first.first_line}}});
  }
  evidence.parts.clear();
  if (joined.empty()) return evidence;
  for (Event& event : joined) evidence.events.push_back(std::move(event));
  return normalised(std::move(evidence));
}

}  // namespace polc::learn
