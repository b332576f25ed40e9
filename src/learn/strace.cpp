#include "learn/strace.hpp"

#include <algorithm>
#include <array>

namespace polc::learn {
namespace {

using Kind = StraceLine::Kind;

// A child's first lines may come before its parent's call returns; so many are kept.
constexpr std::size_t most_waiting = 64;

bool starts_a_process(std::string_view name) { return name == "clone" || name == "clone3" || name == "fork" || name == "vfork"; }

}  // namespace

bool is_trace(std::string_view begin) {
  for (unsigned lines = 0; !begin.empty() && lines < 40; ++lines) {
    const std::size_t end = std::min(begin.find('\n'), begin.size());
    const StraceLine line = line_of(begin.substr(0, end));
    begin.remove_prefix(std::min(end + 1, begin.size()));
    if (line.kind == Kind::call || line.kind == Kind::unfinished || line.kind == Kind::exited) return true;
  }
  return false;
}

void StraceReader::add(std::string_view text) {
  const std::uint64_t number = ++account_.lines;
  if (text.empty()) return;
  const StraceLine line = line_of(text);
  if (line.kind == Kind::notice || line.kind == Kind::attached || line.kind == Kind::signal) return;
  if (line.kind == Kind::detached) {
    account_.is_complete = false;
    return;
  }
  if (line.kind == Kind::damaged) {
    if (account_.damaged++ == 0) account_.first_damaged = number;
    return;
  }
  const bool is_first = threads_.empty();
  Thread& thread = threads_[line.pid];
  if (!thread.process && !is_first && is_somebody_starting() && thread.waiting.size() < most_waiting) {
    thread.waiting.emplace_back(text, number);
    return;
  }
  if (!thread.process) {
    thread.process = std::make_shared<TracedProcess>();
    thread.process->id = line.pid;
    thread.process->threads = {line.pid};
    thread.process->is_first = is_first;
    if (is_first) thread.process->user = rules_.user, thread.process->directory = rules_.directory, thread.process->program = rules_.program;
  }
  take(thread, line.pid, line, number);
}

void StraceReader::take(Thread& thread, std::uint32_t pid, const StraceLine& line, std::uint64_t number) {
  switch (line.kind) {
    case Kind::call:
      call(pid, line, number);
      break;
    case Kind::unfinished:
      thread.name = line.name, thread.begun = line.arguments, thread.line = number, thread.is_pending = true;
      break;
    case Kind::resumed: {
      if (!thread.is_pending || thread.name != line.name) {
        if (account_.damaged++ == 0) account_.first_damaged = number;
        break;
      }
      // The call stays in sight until it has returned: `started` looks for it.
      const std::string whole = thread.begun + std::string(line.arguments);
      StraceLine joined;
      const std::string name = thread.name;
      joined.name = name;
      const std::uint64_t begun = thread.line;
      thread.is_pending = false;
      if (take_call(whole, joined) && joined.kind == Kind::call) call(pid, joined, begun);
      else if (account_.damaged++ == 0) account_.first_damaged = number;
      break;
    }
    case Kind::superseded: {  // this thread is the leader now
      const auto other = threads_.find(line.other);
      if (other == threads_.end()) break;
      Thread moved = std::move(other->second);
      threads_.erase(other);
      if (moved.process) moved.process->threads = {pid}, moved.process->id = pid;
      threads_[pid] = std::move(moved);
      break;
    }
    case Kind::exited:
      ended(pid);
      break;
    default:
      break;
  }
}

void StraceReader::call(std::uint32_t pid, const StraceLine& line, std::uint64_t number) {
  const std::shared_ptr<TracedProcess> process = threads_[pid].process;
  TracedCall call{rules_, events_, temporary_, *process, pid, line.name, StraceArguments(line.arguments), line.result, number, outcome_of(line.name, line.result)};
  const bool is_exec = line.name == "execve" || line.name == "execveat";
  if (!is_exec) process->is_first = false;  // strace came later
  if (process->directory.empty()) learn_directory(*process, call.arguments);
  tell_call(call);
  close(call);
  copy_descriptor(call);
  if (starts_a_process(line.name) && call.succeeded()) started(pid, line, line.arguments);
  if (is_exec && call.succeeded()) process->threads = {pid};
}

// A decoration tells it, also where the program was executed by a relative name before.
void StraceReader::learn_directory(TracedProcess& process, const StraceArguments& arguments) {
  if (!arguments[0].starts_with("AT_FDCWD<")) return;
  process.directory = path_of(process, arguments[0]);
  if (process.directory.empty() || process.program.empty() || process.program.starts_with('/')) return;
  const std::string name = absolute(process, "", process.program);
  events_.rename(process.program, name);
  process.program = name;
}

// The parent knows the child's number, and by its flags what they share.
void StraceReader::started(std::uint32_t parent, const StraceLine& line, std::string_view arguments) {
  const auto number = number_in(line.result);
  if (!number || *number <= 0) return;
  const auto child = static_cast<std::uint32_t>(*number);
  const std::shared_ptr<TracedProcess> process = threads_[parent].process;
  const bool is_thread = arguments.find("CLONE_THREAD") != arguments.npos;
  Thread& thread = threads_[child];
  const auto waiting = std::move(thread.waiting);
  if (is_thread) {
    thread.process = process;
    process->threads.insert(child);
  } else {
    process->children.insert(child);
    thread.process = std::make_shared<TracedProcess>(*process);
    TracedProcess& copy = *thread.process;
    copy.id = child, copy.parent = process->id, copy.threads = {child}, copy.children.clear();
    if (arguments.find("CLONE_FILES") == arguments.npos) copy.descriptors = std::make_shared<Descriptors>(*process->descriptors);
  }
  for (const auto& [text, at] : waiting) take(threads_[child], child, line_of(text), at);
}

void StraceReader::close(TracedCall& call) {
  if (call.name != "close") return;
  const auto number = number_in(call.arguments[0]);
  const auto found = number ? call.process.descriptors->find(*number) : call.process.descriptors->end();
  if (found == call.process.descriptors->end()) return;
  if (found->second.socket && found->second.socket.use_count() == 1) tell_asked(events_, call.process.program, *found->second.socket);
  call.process.descriptors->erase(found);
}

void StraceReader::copy_descriptor(TracedCall& call) {
  const bool is_dup = call.name == "dup" || call.name == "dup2" || call.name == "dup3";
  if (!is_dup && !(call.name == "fcntl" && named(call.arguments[1]).starts_with("F_DUPFD"))) return;
  const Opened* opened = call.succeeded() ? find_opened(call.process, call.arguments[0]) : nullptr;
  if (const auto number = number_in(call.result); opened != nullptr && number) {
    const Opened copy = *opened;
    (*call.process.descriptors)[*number] = copy;
  }
}

void StraceReader::ended(std::uint32_t pid) {
  const auto found = threads_.find(pid);
  if (found == threads_.end()) return;
  const std::shared_ptr<TracedProcess> process = found->second.process;
  threads_.erase(found);
  if (!process) return;
  process->threads.erase(pid);
  if (process->threads.empty()) leave(*process);
}

// Sockets that stayed open to the end.
void StraceReader::leave(TracedProcess& process) {
  for (auto& [number, opened] : *process.descriptors)
    if (opened.socket) tell_asked(events_, process.program, *opened.socket);
  process.descriptors->clear();
}

bool StraceReader::is_somebody_starting() const {
  return std::ranges::any_of(threads_, [](const auto& row) { return row.second.is_pending && starts_a_process(row.second.name); });
}

TraceAccount StraceReader::finish(Evidence& evidence) {
  std::vector<std::shared_ptr<TracedProcess>> left;
  for (auto& [pid, thread] : threads_)
    if (thread.process) left.push_back(thread.process);
    else account_.unknown += thread.waiting.size();
  std::ranges::sort(left, {}, &TracedProcess::id);
  for (const auto& process : left) leave(*process);
  account_.unknown += events_.move_into(evidence);
  return account_;
}

}  // namespace polc::learn
