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
  return line.find("callbacks suppressed") != line.npos || line.find("rate limit exceeded") != line.npos || line.find("audit_lost") != line.npos ||
         line.find("backlog limit exceeded") != line.npos;
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
  const auto record = audit_record_of(line);
  if (!record) {
    if (tells_of_loss(line)) account_.is_complete = false;
    return;  // a log of the kernel or the journal has much else
  }
  const std::pair key(std::string(record->node), std::string(record->serial));
  const bool is_first = pending_.empty() && order_.empty() && account_.damaged == 0 && parts_.empty();
  auto [found, is_new] = pending_.try_emplace(key, Pending{key.first, key.second, {}, false});
  if (is_new) order_.push_back(key), found->second.is_first = is_first;
  found->second.lines.push_back({std::string(line), account_.lines});
  if (ends_event(*record)) {
    const Pending event = std::move(found->second);
    pending_.erase(found);
    std::erase(order_, key);
    const auto head = audit_record_of(event.lines.front().text);
    const bool lacks_its_begin = event.is_first && !(head && begins_event(*head));
    return lacks_its_begin ? keep(event) : tell(event);
  }
  make_room();
}

void AuditReader::make_room() {
  while (order_.size() > most_pending) {
    const auto key = order_.front();
    order_.pop_front();
    const auto found = pending_.find(key);
    if (found == pending_.end()) continue;
    tell(found->second);
    pending_.erase(found);
  }
}

void AuditReader::tell(const Pending& event) {
  std::vector<std::string_view> lines;
  for (const Line& line : event.lines) lines.push_back(line.text);
  std::string domain;
  for (const std::string_view line : lines) {
    const Record record(line);
    if (!record.has("domain")) continue;
    if (record.has("exe")) domains_[record.word("domain")] = record.bytes("exe");
    if (const auto known = domains_.find(record.word("domain")); known != domains_.end()) domain = known->second;
  }
  for (const AuditEvent& one : audit_events_of(lines, program_, domain)) events_.add(one.program, one.outcome, one.access, event.lines.front().number);
}

void AuditReader::keep(const Pending& event) {
  for (const Line& line : event.lines) parts_.push_back({event.node, event.serial, line.text, {{0, 1, line.number}}});
}

TraceAccount AuditReader::finish(Evidence& evidence) {
  for (const auto& key : order_)
    if (const auto found = pending_.find(key); found != pending_.end()) keep(found->second);
  pending_.clear(), order_.clear();
  account_.unknown += events_.move_into(evidence);
  evidence.parts = std::move(parts_);
  return account_;
}

Evidence with_parts_joined(Evidence evidence, const std::string& program) {
  std::map<std::pair<std::string, std::string>, std::vector<const Part*>> events;
  for (const Part& part : evidence.parts) events[{part.node, part.serial}].push_back(&part);
  std::vector<Event> joined;
  for (auto& [key, parts] : events) {
    // A serial counts up within one event's records, too, but for their places: the earliest record stands first.
    std::ranges::sort(parts, [](const Part* a, const Part* b) { return std::pair(a->places.front().source, a->places.front().first_line) < std::pair(b->places.front().source, b->places.front().first_line); });
    std::stable_partition(parts.begin(), parts.end(), [](const Part* part) {
      const auto record = audit_record_of(part->record);
      return record && begins_event(*record);
    });
    std::vector<std::string_view> lines;
    for (const Part* part : parts) lines.push_back(part->record);
    const Part* const earliest = *std::min_element(parts.begin(), parts.end(), [](const Part* a, const Part* b) { return a->places.front() < b->places.front(); });
    const Place first = earliest->places.front();
    std::string domain;
    for (const AuditEvent& one : audit_events_of(lines, program, domain)) joined.push_back({one.program, one.outcome, one.access, {{first.source, 1, first.first_line}}});
  }
  evidence.parts.clear();
  if (joined.empty()) return evidence;
  for (Event& event : joined) evidence.events.push_back(std::move(event));
  return normalised(std::move(evidence));
}

}  // namespace polc::learn
