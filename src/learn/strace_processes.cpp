// Calls that start, end, change and signal processes, and those that make memory executable.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "knowledge/names.hpp"
#include "learn/strace_state.hpp"

namespace polc::learn {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> namespaces{
    {{"CLONE_NEWUSER", "user"}, {"CLONE_NEWNS", "mount"}, {"CLONE_NEWPID", "pid"}, {"CLONE_NEWNET", "net"}, {"CLONE_NEWIPC", "ipc"},
     {"CLONE_NEWUTS", "uts"}, {"CLONE_NEWCGROUP", "cgroup"}, {"CLONE_NEWTIME", "time"}}};

void tell_namespaces(const TracedCall& call, std::string_view flags) {
  for (const auto& [flag, name] : namespaces)
    if (has_flag(flags, flag)) call.tell(fmt::format("namespace {}", name));
}

// `child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, ...`, or of clone3 a structure.
std::string_view clone_flags(const TracedCall& call) {
  if (call.name == "clone3") return named(field_in(call.arguments[0], "flags"));
  for (std::size_t i = 0; i < 6; ++i)
    if (call.arguments[i].starts_with("flags=")) return named(call.arguments[i].substr(6));
  return named(call.arguments[1]);
}

bool tell_start(TracedCall& call) {
  if (call.name == "fork" || call.name == "vfork") {
    call.tell("fork");
    return true;
  }
  if (call.name != "clone" && call.name != "clone3") return false;
  if (!call.is_ok() && call.outcome.error == "ENOSYS") return false;
  const std::string_view flags = clone_flags(call);
  call.tell(has_flag(flags, "CLONE_THREAD") ? "thread" : "fork");
  tell_namespaces(call, flags);
  return true;
}

std::string signal_word(std::string_view name) {
  if (name.starts_with("SIGRT") || !name.starts_with("SIG")) return "";
  std::string word(name.substr(3));
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return knowledge::find_signal(Os::linux_os, word) ? word : "";
}

std::string_view peer_of(const TracedProcess& process, std::string_view pid) {
  const auto number = number_in(pid);
  if (!number) return "any";
  if (*number == 0 || process.threads.contains(static_cast<std::uint32_t>(*number))) return "self";
  return process.children.contains(static_cast<std::uint32_t>(*number)) ? "children" : "any";
}

bool tell_kill(TracedCall& call) {
  if (call.name != "kill" && call.name != "tkill" && call.name != "tgkill") return false;
  const std::string_view signal = named(call.arguments[call.name == "tgkill" ? 2 : 1]);
  if (signal == "0") {
    call.tell(fmt::format("syscall {} where sig == 0", call.name));
    return true;
  }
  const std::string word = signal_word(signal);
  if (word.empty()) return false;
  call.tell(fmt::format("signal {} to {}", word, peer_of(call.process, call.arguments[0])));
  return true;
}

std::string account(const TracedCall& call, bool is_group, std::int64_t id) {
  return call.rules.account ? call.rules.account(is_group, id) : std::to_string(id);
}

// The ids that are set; -1 leaves one as it is.
bool tell_ids(TracedCall& call) {
  struct Row {
    std::string_view call, verb;
    std::size_t count, effective;
  };
  constexpr std::array<Row, 8> rows{{{"setfsgid", "setgid", 1, 0}, {"setfsuid", "setuid", 1, 9}, {"setgid", "setgid", 1, 9}, {"setregid", "setgid", 2, 9},
                                     {"setresgid", "setgid", 3, 9}, {"setresuid", "setuid", 3, 1}, {"setreuid", "setuid", 2, 1}, {"setuid", "setuid", 1, 0}}};
  const auto row = std::ranges::find(rows, call.name, &Row::call);
  if (row == rows.end()) return false;
  bool told = false;
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < row->count; ++i)
    if (const auto id = number_in(call.arguments[i]); id && *id != -1 && *id != 0xffffffffLL) ids.insert(*id);
  for (const std::int64_t id : ids) call.tell(fmt::format("{} {}", row->verb, account(call, row->verb == "setgid", id))), told = true;
  const bool is_user = row->verb == "setuid";
  if (call.process.user == 0 && call.succeeded()) call.tell(is_user ? "capability setuid" : "capability setgid");
  if (is_user && call.succeeded() && row->effective < row->count)
    if (const auto id = number_in(call.arguments[row->effective]); id && *id >= 0) call.process.user = *id;
  return told;
}

bool tell_groups(TracedCall& call) {
  if (call.name != "setgroups") return false;
  const std::string_view list = call.arguments[1];
  if (call.arguments[0] == "0" || !list.starts_with('[') || list.find("...") != list.npos) return false;
  StraceArguments groups(list.substr(1, list.size() - 2));
  for (std::size_t i = 0; i < 7 && !groups[i].empty(); ++i)
    if (const auto id = number_in(groups[i])) call.tell("setgid " + account(call, true, *id));
  if (call.process.user == 0) call.tell("capability setgid");
  return true;
}

// Who it is, where it asks.
void learn_user(TracedCall& call) {
  if (call.name != "geteuid") return;
  if (const auto id = number_in(call.result)) call.process.user = *id;
}

bool tell_exec(TracedCall& call) {
  if (call.name != "execve" && call.name != "execveat") return false;
  const bool is_at = call.name == "execveat";
  const auto name = string_of(call.arguments[is_at ? 1 : 0]);
  std::string path = !name ? "" : name->empty() && is_at ? path_of(call.process, call.arguments[0]) : absolute(call.process, is_at ? call.arguments[0] : "", *name);
  if (call.process.is_first && !call.rules.program.empty()) path = call.rules.program;
  else if (call.process.is_first && path.empty()) path = name.value_or("");
  if (path.starts_with('/') && call.rules.resolve && call.succeeded()) path = call.rules.resolve(path);
  if (!call.process.is_first && path.starts_with('/')) call.tell("exec " + spoken(call, path));
  if (!call.succeeded()) return true;
  call.process.program = path;  // empty: what it will be is as unknown as its name
  call.process.is_first = false;
  return true;
}

bool tell_map(TracedCall& call) {
  const std::string_view protection = named(call.arguments[2]), flags = named(call.arguments[3]);
  if (!has_flag(protection, "PROT_EXEC")) return false;
  const bool is_write = has_flag(protection, "PROT_WRITE"), is_anonymous = has_flag(flags, "MAP_ANONYMOUS");
  if (is_write) call.tell("memory write_exec");
  if (is_anonymous) call.tell("memory exec_anonymous");
  if (is_anonymous) return true;
  const std::string path = path_of(call.process, call.arguments[4]);
  if (!path.empty()) call.tell("map " + spoken(call, path));
  return true;  // code of an unknown file is no rule
}

bool tell_protection(TracedCall& call) {
  const std::string_view protection = named(call.arguments[2]);
  if (!has_flag(protection, "PROT_EXEC")) return false;
  call.tell(has_flag(protection, "PROT_WRITE") ? "memory write_exec" : "memory exec_anonymous");
  return true;
}

}  // namespace

bool tell_process_call(TracedCall& call) {
  learn_user(call);
  if (call.name == "unshare" || call.name == "setns") {
    tell_namespaces(call, named(call.arguments[call.name == "setns" ? 1 : 0]));
    return false;
  }
  return tell_start(call) || tell_exec(call) || tell_kill(call) || tell_ids(call) || tell_groups(call);
}

bool tell_memory_call(TracedCall& call) {
  if (call.name == "mmap") return tell_map(call);
  return (call.name == "mprotect" || call.name == "pkey_mprotect") && tell_protection(call);
}

}  // namespace polc::learn
