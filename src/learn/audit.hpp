// The reader of the kernel's audit records, however they were written down: audit.log (raw or enriched), the kernel
// log, the journal.
//   AuditReader reader("");
//   for (each line) reader.add(line);
//   reader.finish(evidence);
// An event is all records with one serial. Of one that the beginning or the end of the log may have cut, the records
// are kept as parts, so that a log may be cut between any lines: whoever uses the evidence joins them. Records of
// command lines are never kept.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "learn/audit_event.hpp"
#include "learn/strace.hpp"

namespace polc::learn {

/// Could the text be such a log? By its first lines.
bool is_audit(std::string_view begin);

class AuditReader {
 public:
  /// `program`: of events that do not tell whose they are.
  explicit AuditReader(std::string program) : program_(std::move(program)) {}

  void add(std::string_view line);
  TraceAccount finish(Evidence& evidence);

 private:
  struct Line {
    std::string text;
    std::uint64_t number = 0;
  };
  struct Pending {
    std::string node, serial;
    std::vector<Line> lines = {};
    bool may_be_cut = false;  // its first records may be in another part of the log
  };
  using Key = std::pair<std::string, std::string>;

  void take(const AuditRecord& record, std::string_view line);
  void release(const Pending& event);
  void tell(const std::vector<AuditRecord>& records, std::uint64_t line);
  void keep(const Pending& event, const auto& which);

  std::string program_;
  std::map<Key, Pending> pending_;
  std::deque<Key> order_;
  std::map<Key, std::string> domains_;  // Landlock's, of each node, to the program that made them
  EventCounter events_;
  std::vector<Part> parts_;
  TraceAccount account_;
  std::size_t begun_ = 0;   // how many events
  bool has_ended_ = false;  // one of them
};

/// Evidence whose events are whole: parts of one event become that event, at the first of their places.
Evidence with_parts_joined(Evidence evidence, const std::string& program);

}  // namespace polc::learn
