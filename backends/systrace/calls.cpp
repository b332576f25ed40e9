#include "systrace/calls.hpp"

#include <algorithm>

#include "knowledge/calls.hpp"

namespace polc::systrace {
namespace {

constexpr FileTypes any_type = FileTypes::all();
constexpr FileTypes only_file{FileType::file}, only_dir{FileType::dir}, only_symlink{FileType::symlink};
constexpr FileTypes nodes{FileType::chardev, FileType::blockdev, FileType::socket};

// The calls that take a path. On a type that a call cannot meet (writing a directory) nothing is lost by counting it.
// Sockets are made by bind; mknod could make one, so it is counted with the nodes.
constexpr PathCall path_rows[] = {
    {FileVerb::read, any_type - only_symlink, "open"},
    {FileVerb::read, only_symlink, "readlink"},
    {FileVerb::write, any_type, "open"},
    {FileVerb::append, any_type, "open"},
    {FileVerb::create, only_file, "open"},
    {FileVerb::create, only_dir, "mkdir"},
    {FileVerb::create, {FileType::fifo}, "mkfifo"},
    {FileVerb::create, nodes, "mknod"},
    {FileVerb::create, only_symlink, "symlink"},
    {FileVerb::remove, any_type - only_dir, "unlink"},
    {FileVerb::remove, only_dir, "rmdir"},
    {FileVerb::truncate, any_type, "truncate"},
    {FileVerb::rename, any_type, "rename"},
    {FileVerb::link, any_type, "link"},
    {FileVerb::chmod, any_type, "chmod"},
    {FileVerb::chown, any_type, "chown"},
    {FileVerb::chown, any_type, "lchown"},
    {FileVerb::utime, any_type, "utimes"},
    {FileVerb::stat, any_type, "stat"},
    {FileVerb::stat, any_type, "lstat"},
    {FileVerb::stat, any_type, "access"},
    {FileVerb::chdir, any_type, "chdir"},
    {FileVerb::chroot, any_type, "chroot"},
    {FileVerb::exec, any_type, "execve"},
    {FileVerb::map, any_type, "mmap"},
    {FileVerb::lock, any_type, "flock"},
    {FileVerb::lock, any_type, "fcntl"},
    {FileVerb::ioctl, any_type, "ioctl"},
    {FileVerb::watch, any_type, "kqueue"},
    {FileVerb::watch, any_type, "kevent"},
};

// The *at calls do the same by a name that polc prints no test for.
constexpr PathCall at_rows[] = {
    {FileVerb::read, any_type - only_symlink, "openat"},
    {FileVerb::write, any_type, "openat"},
    {FileVerb::append, any_type, "openat"},
    {FileVerb::create, only_file, "openat"},
    {FileVerb::truncate, any_type, "openat"},
    {FileVerb::read, only_symlink, "readlinkat"},
    {FileVerb::create, only_dir, "mkdirat"},
    {FileVerb::create, {FileType::fifo}, "mkfifoat"},
    {FileVerb::create, nodes, "mknodat"},
    {FileVerb::create, only_symlink, "symlinkat"},
    {FileVerb::remove, any_type, "unlinkat"},
    {FileVerb::rename, any_type, "renameat"},
    {FileVerb::link, any_type, "linkat"},
    {FileVerb::chmod, any_type, "fchmodat"},
    {FileVerb::chown, any_type, "fchownat"},
    {FileVerb::utime, any_type, "utimensat"},
    {FileVerb::stat, any_type, "fstatat"},
    {FileVerb::stat, any_type, "faccessat"},
};

constexpr std::string_view always_translated[] = {
    "access", "bind",     "chdir",  "chmod", "chown",  "chroot", "connect", "execve", "link",    "lstat", "mkdir",
    "open",   "readlink", "rename", "rmdir", "sendto", "setgid", "setuid",  "stat",   "symlink", "unlink"};
constexpr std::string_view translated_since_2006[] = {"lchown", "mkfifo", "mknod", "truncate"};

template <std::size_t n>
bool is_one_of(std::string_view name, const std::string_view (&names)[n]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

template <class Wanted>
bool any_allow(const ir::Policy& policy, const Wanted& wanted) {
  for (const ir::Rule& rule : policy.rules)
    if (rule.effect == ir::Effect::allow && std::any_of(rule.boxes.begin(), rule.boxes.end(), wanted)) return true;
  return false;
}

bool is_allowed(const ir::Policy& policy, const PathCall& row) {
  const auto says_so = [&](const ir::Box& box) {
    const auto* file = std::get_if<ir::FileBox>(&box);
    const FileVerbs verbs = row.verb == FileVerb::map ? FileVerbs{FileVerb::map, FileVerb::exec} : FileVerbs{row.verb};
    return file != nullptr && !(file->verbs & verbs).empty() && !(file->types & row.types).empty();
  };
  return any_allow(policy, says_so) || is_call_allowed(policy, row.call);
}

}  // namespace

std::vector<PathCall> path_calls(FileVerb verb, FileTypes types) {
  std::vector<PathCall> result;
  for (const PathCall& row : path_rows)
    if (row.verb == verb && !(row.types & types).empty()) result.push_back(row);
  return result;
}

bool is_decided_by_argument(std::string_view call, Version version) {
  return is_one_of(call, always_translated) || (version >= Version::v2006 && is_one_of(call, translated_since_2006));
}

bool is_whole(std::string_view call, Version version) {
  return call != "socket" && !is_decided_by_argument(call, version);
}

std::optional<CallId> find_call(const ir::Policy& policy, std::string_view name) {
  return knowledge::find_call(policy.configuration.os, name);
}

std::string_view name_of_call(const ir::Policy& policy, CallId call) {
  return knowledge::call_of(policy.configuration.os, call).name;
}

bool is_written(const ir::Policy& policy, ir::Effect effect, const ir::CallBox& box) {
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != effect) continue;
    for (const ir::Box& written : rule.boxes)
      if (const auto* call = std::get_if<ir::CallBox>(&written); call != nullptr && *call == box) return true;
  }
  return false;
}

bool is_call_allowed(const ir::Policy& policy, std::string_view call) {
  const auto id = find_call(policy, call);
  return id && any_allow(policy, [&](const ir::Box& box) {
           const auto* calls = std::get_if<ir::CallBox>(&box);
           return calls != nullptr && std::binary_search(calls->calls.begin(), calls->calls.end(), *id);
         });
}

bool is_open_anyway(const ir::Policy& policy, FileVerb verb, FileTypes types, Version version) {
  for (const PathCall& row : path_rows)
    if (row.verb == verb && !(row.types & types).empty() && is_whole(row.call, version) && is_allowed(policy, row))
      return true;
  for (const PathCall& row : at_rows)
    if (row.verb == verb && !(row.types & types).empty() && is_call_allowed(policy, row.call)) return true;
  return false;
}

bool is_send_open_anyway(const ir::Policy& policy, Version version) {
  return version < Version::v2010 && is_call_allowed(policy, "sendmsg");
}

bool allows_unix_bind(const ir::Policy& policy) {
  return any_allow(policy, [](const ir::Box& box) {
    const auto* net = std::get_if<ir::NetBox>(&box);
    return net != nullptr && net->verbs.contains(NetVerb::bind) && net->family == Family::unix_family;
  });
}

}  // namespace polc::systrace
