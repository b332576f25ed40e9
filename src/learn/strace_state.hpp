// What the lines of a trace leave behind: who runs what, where, with which descriptors. Internal to the reader of strace.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "learn/evidence.hpp"
#include "learn/strace_line.hpp"
#include "learn/strace_values.hpp"

namespace polc::learn {

/// A socket as `socket` made it. What only failing connects used was a question, and so was making it.
struct TracedSocket {
  std::string domain, type, protocol;  // AF_INET, SOCK_STREAM, IPPROTO_TCP
  std::string local = {};              // the endpoint that it was bound to, as the language has it
  std::uint64_t line = 0;
  bool is_told = false;                // its making is among the events
  std::string asked = {}, error = {};  // the access that failed first, and how
};

/// What a descriptor leads to.
struct Opened {
  std::string path = {};  // empty: it is no file with a name
  std::shared_ptr<TracedSocket> socket = {};
};
using Descriptors = std::map<std::int64_t, Opened>;

/// A thread group.
struct TracedProcess {
  std::string program = {};    // empty: unknown; `./x`: relative to a directory that a later line may tell
  std::string directory = {};  // working directory; empty: unknown
  std::shared_ptr<Descriptors> descriptors = std::make_shared<Descriptors>();
  std::uint32_t id = 0, parent = 0;
  std::set<std::uint32_t> threads = {};
  std::set<std::uint32_t> children = {};
  std::optional<std::int64_t> user = {};  // the effective one
  bool is_first = false;                  // strace started it: its first exec is nobody's
};

/// Names that were made for one use, by mkstemp: how many of their last letters are chance.
using TemporaryNames = std::map<std::string, std::size_t>;

struct StraceRules {
  /// The real path of a name, as far as this machine knows; a log that is read elsewhere has none.
  std::function<std::string(const std::string& path)> resolve = nullptr;
  /// `user "redis" 105`, `group "adm" 4`, `1001`: an account in the language's words.
  std::function<std::string(bool is_group, std::int64_t id)> account = nullptr;
  std::optional<std::int64_t> user = {};  // who starts the command
  std::string directory = {};             // where; empty: unknown
  std::string program = {};               // of the first process, where the log does not tell
};

/// Counts what happened, each distinct event once.
class EventCounter {
 public:
  void add(const std::string& program, const Outcome& outcome, std::string_view access, std::uint64_t line);
  void add_fact(std::string_view kind, std::string words) { facts_.insert({std::string(kind), std::move(words)}); }
  /// `./x` is what the program was executed as, before it was known where.
  void rename(const std::string& program, std::string name) { renamed_[program] = std::move(name); }
  /// How many calls were of programs that nobody knows.
  std::uint64_t move_into(Evidence& evidence);

 private:
  struct Count {
    std::uint64_t count = 0, first = 0;
  };
  std::unordered_map<std::string, Count> events_;
  std::set<std::pair<std::string, std::string>> facts_;
  std::map<std::string, std::string> renamed_;
  std::string key_;
};

/// A call that is being told, and all that telling it needs.
struct TracedCall {
  const StraceRules& rules;
  EventCounter& events;
  TemporaryNames& temporary;
  TracedProcess& process;
  std::uint32_t thread = 0;
  std::string_view name;
  StraceArguments arguments;
  std::string_view result;
  std::uint64_t line = 0;
  Outcome outcome = {};

  bool is_ok() const { return outcome.kind == Outcome::Kind::ok; }
  bool succeeded() const { return is_ok() && !result.starts_with("-1"); }
  void tell(std::string_view access) const { events.add(process.program, outcome, access, line); }
};

/// An absolute path without `.`, `..` and `//`; empty: what it is relative to is unknown.
std::string absolute(const TracedProcess& process, std::string_view directory, std::string_view name);
/// What the descriptor leads to; nullptr: unknown.
const Opened* find_opened(const TracedProcess& process, std::string_view descriptor);
/// Its path, by its decoration, else by what opened it; empty: none.
std::string path_of(const TracedProcess& process, std::string_view descriptor);
/// As the language says it: this process's directory in /proc is `self`, threads and process numbers in names are `[0-9]*`.
std::string spoken(const TracedCall& call, const std::string& path);

/// Each tells the call if it is one of its own.
bool tell_file_call(TracedCall& call);
bool tell_descriptor_call(TracedCall& call);
bool tell_socket_call(TracedCall& call);
bool tell_process_call(TracedCall& call);
bool tell_memory_call(TracedCall& call);
/// By name, with the arguments that are learned.
void tell_other_call(TracedCall& call);
/// By the first of these that knows it.
void tell_call(TracedCall& call);

/// Of `-1 ENOENT (...)`: what a call ended with. What was done, or is to be asked again, is ok.
Outcome outcome_of(std::string_view name, std::string_view result);

/// A socket is used for more than a question, or for good.
void tell_socket(const TracedCall& call, TracedSocket& socket);
/// A socket that nothing but failing connects used.
void tell_asked(EventCounter& events, const std::string& program, TracedSocket& socket);

}  // namespace polc::learn
