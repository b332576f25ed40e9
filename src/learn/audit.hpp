// The reader of the kernel's audit records, however they were written down: audit.log (raw or enriched), the kernel log, the journal.
//   AuditReader reader("");
//   for (each line) reader.add(line);
//   reader.finish(evidence);
// An event is all records with one serial. Of one that the beginning or the end of the log has cut, the records are kept as parts, so
// that a log may be cut between any lines: whoever uses the evidence joins them.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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
    bool is_first = false;  // of the log: a part of it may be in another
  };

  void tell(const Pending& event);
  void keep(const Pending& event);
  void make_room();

  std::string program_;
  std::map<std::pair<std::string, std::string>, Pending> pending_;
  std::deque<std::pair<std::string, std::string>> order_;
  std::map<std::string, std::string> domains_;  // Landlock's, to the program that made each
  EventCounter events_;
  std::vector<Part> parts_;
  TraceAccount account_;
};

/// Evidence whose events are whole: parts of one event become that event, at the first of their places.
Evidence with_parts_joined(Evidence evidence, const std::string& program);

}  // namespace polc::learn
