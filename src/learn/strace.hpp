// The reader of traces that strace wrote: from lines to evidence.
//   StraceReader reader(rules);
//   for (each line) reader.add(line);
//   const TraceAccount account = reader.finish(evidence);
// Descriptors, names, programs and working directories are kept for each process, so that a trace without -y says the same, but for links.
// What cannot be read is counted and passed over; what it takes grows with the number of processes and of distinct events, not of lines.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "learn/strace_state.hpp"

namespace polc::learn {

/// The number behind `map`: of the tables by which lines become events.
inline constexpr std::string_view trace_map = "map1";

/// Could the text be a trace? By its first lines.
bool is_trace(std::string_view begin);

struct TraceAccount {
  std::uint64_t lines = 0, damaged = 0, first_damaged = 0;
  std::uint64_t unknown = 0;  // calls of processes whose program nobody knows
  bool is_complete = true;    // false: strace says itself that it left a process
};

class StraceReader {
 public:
  explicit StraceReader(StraceRules rules) : rules_(std::move(rules)) {}

  void add(std::string_view line);
  /// Moves the events and facts into `evidence`, whose one source is to be filled by the caller.
  TraceAccount finish(Evidence& evidence);

 private:
  struct Thread {
    std::shared_ptr<TracedProcess> process;
    std::string name, begun;  // a call that was not finished
    std::uint64_t line = 0;
    bool is_pending = false;
    std::vector<std::pair<std::string, std::uint64_t>> waiting = {};  // lines of a child whose parent's call has not returned
  };

  void take(Thread& thread, std::uint32_t pid, const StraceLine& line, std::uint64_t number);
  void call(std::uint32_t pid, const StraceLine& line, std::uint64_t number);
  void started(std::uint32_t parent, const StraceLine& line, std::string_view arguments);
  void learn_directory(TracedProcess& process, const StraceArguments& arguments);
  void close(TracedCall& call);
  void copy_descriptor(TracedCall& call);
  void ended(std::uint32_t pid);
  void leave(TracedProcess& process);
  bool is_somebody_starting() const;

  StraceRules rules_;
  EventCounter events_;
  TemporaryNames temporary_;
  std::unordered_map<std::uint32_t, Thread> threads_;
  TraceAccount account_;
  std::string joined_;
};

}  // namespace polc::learn
