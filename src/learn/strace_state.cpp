#include "learn/strace_state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "format/words.hpp"
#include "learn/evidence_text.hpp"

namespace polc::learn {
namespace {

constexpr std::string_view any_number = "[0-9]*";
// A shorter number in a name is more often a version than a process.
constexpr std::size_t least_digits = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_own(const TracedProcess& process, std::string_view digits) {
  const auto number = number_in(digits);
  return number && process.threads.contains(static_cast<std::uint32_t>(*number));
}
bool is_of_family(const TracedProcess& process, std::string_view digits) {
  const auto number = number_in(digits);
  if (!number || digits.size() < least_digits) return false;
  const auto pid = static_cast<std::uint32_t>(*number);
  return process.threads.contains(pid) || process.children.contains(pid) || process.parent == pid;
}

std::string own_proc(const TracedProcess& process, const std::string& path) {
  constexpr std::string_view proc = "/proc/";
  if (!path.starts_with(proc)) return path;
  const std::size_t end = std::min(path.find('/', proc.size()), path.size());
  if (!is_own(process, std::string_view(path).substr(proc.size(), end - proc.size()))) return path;
  return "/proc/self" + path.substr(end);
}

}  // namespace

void EventCounter::add(const std::string& program, const Outcome& outcome, std::string_view access, std::uint64_t line) {
  key_.assign(program);
  key_ += '\0';  // no byte of any of them
  key_ += outcome.kind == Outcome::Kind::ok ? "ok" : text_of(outcome);
  key_ += '\0';
  key_ += access;
  Count& count = events_[key_];
  if (count.count++ == 0) count.first = line;
  count.first = std::min(count.first, line);
}

std::uint64_t EventCounter::move_into(Evidence& evidence) {
  std::uint64_t unknown = 0;
  for (const auto& [key, count] : events_) {
    const std::size_t program = key.find('\0'), outcome = key.find('\0', program + 1);
    Event event{key.substr(0, program), {}, key.substr(outcome + 1), {{0, count.count, count.first}}};
    const auto ended = outcome_in(std::string_view(key).substr(program + 1, outcome - program - 1));
    if (!ended) continue;  // no log has such an errno
    event.outcome = *ended;
    if (const auto name = renamed_.find(event.program); name != renamed_.end()) event.program = name->second;
    if (!event.program.starts_with('/')) event.program.clear(), unknown += count.count;
    evidence.events.push_back(std::move(event));
  }
  for (const auto& [kind, words] : facts_) evidence.facts.push_back({kind, words, {0}});
  return unknown;
}

std::string absolute(const TracedProcess& process, std::string_view directory, std::string_view name) {
  std::string whole;
  if (!name.starts_with('/')) {
    whole = directory.empty() || (directory.starts_with("AT_FDCWD") && directory.find('<') == directory.npos) ? process.directory : path_of(process, directory);
    if (whole.empty()) return "";
    whole += '/';
  }
  whole += name;
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string_view part = std::string_view(whole).substr(at, end - at);
    if (part == ".." && !parts.empty()) parts.pop_back();
    else if (!part.empty() && part != "." && part != "..") parts.push_back(part);
    at = end + 1;
  }
  std::string result;
  for (const std::string_view part : parts) result += '/', result += part;
  return result.empty() ? "/" : result;
}

const Opened* find_opened(const TracedProcess& process, std::string_view descriptor) {
  const auto number = number_in(descriptor);
  if (!number) return nullptr;
  const auto found = process.descriptors->find(*number);
  return found == process.descriptors->end() ? nullptr : &found->second;
}

std::string path_of(const TracedProcess& process, std::string_view descriptor) {
  const auto decorated = descriptor_of(descriptor);
  if (!decorated) return "";
  const Opened* opened = find_opened(process, descriptor);
  if (decorated->is_deleted) return opened != nullptr ? opened->path : "";  // its name is what it was
  if (decorated->is_decorated) return decorated->is_path() && !decorated->decoration.starts_with("/memfd:") ? decorated->decoration : "";
  if (decorated->number == -100) return process.directory;
  return opened != nullptr ? opened->path : "";
}

std::string spoken(const TracedCall& call, const std::string& path) {
  const std::string own = own_proc(call.process, path);
  constexpr std::string_view tasks = "/proc/self/task/", proc = "/proc/";
  const bool has_tasks = own.starts_with(tasks);
  std::string text = format::quoted_path(own);
  if (const auto chance = call.temporary.find(path); chance != call.temporary.end())
    text.replace(text.size() - 1 - chance->second, chance->second, std::string(chance->second, '?'));
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    const std::string_view digits = std::string_view(text).substr(at, end - at);
    const bool is_task = has_tasks && at == tasks.size() + 1;
    const bool is_child = at == proc.size() + 1 && own.starts_with(proc) && call.process.children.contains(static_cast<std::uint32_t>(number_in(digits).value_or(0)));
    if (is_task || is_child || is_of_family(call.process, digits)) {
      text.replace(at, end - at, any_number);
      end = at + any_number.size();
    }
    at = end;
  }
  return text;
}

}  // namespace polc::learn
