#include "systrace/calls.hpp"

#include <algorithm>
#include <array>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "support/check.hpp"

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

struct NetCall {
  NetVerb verb;
  std::string_view call;
};
constexpr NetCall net_rows[] = {
    {NetVerb::connect, "connect"}, {NetVerb::bind, "bind"},        {NetVerb::listen, "listen"},
    {NetVerb::accept, "accept"},   {NetVerb::accept, "accept4"},   {NetVerb::send, "sendto"},
    {NetVerb::send, "sendmsg"},    {NetVerb::receive, "recvfrom"}, {NetVerb::receive, "recvmsg"},
};

constexpr std::string_view always_translated[] = {
    "access", "bind",     "chdir",  "chmod", "chown",  "chroot", "connect", "execve", "link",    "lstat", "mkdir",
    "open",   "readlink", "rename", "rmdir", "sendto", "setgid", "setuid",  "stat",   "symlink", "unlink"};
constexpr std::string_view translated_since_2006[] = {"lchown", "mkfifo", "mknod", "truncate"};

template <std::size_t n>
bool is_one_of(std::string_view name, const std::string_view (&names)[n]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

ir::FileBox file_box(FileVerb verb, FileTypes types) {
  ir::FileBox box;
  box.verbs = {verb};
  box.types = types;
  box.places = everywhere();
  box.successors.clear();
  return box;
}

ir::PairBox pair_box(FileVerb verb) {
  ir::PairBox box;
  box.verbs = {verb};
  box.from = box.to = everywhere();
  return box;
}

void add_file(FileVerb verb, FileTypes types, std::vector<ir::Box>& out) {
  if (verb == FileVerb::rename || verb == FileVerb::link) out.emplace_back(pair_box(verb));
  else out.emplace_back(file_box(verb, types));
}

void add_net(NetVerb verb, std::vector<ir::Box>& out) {
  for (unsigned family = 0; family < count_of(Family{}); ++family) {
    ir::NetBox box;
    box.verbs = {verb};
    box.family = static_cast<Family>(family);
    out.emplace_back(std::move(box));
  }
}

void add_process(std::string_view call, std::vector<ir::Box>& out) {
  constexpr std::uint64_t every_signal = ~std::uint64_t{0};
  if (call == "setuid") out.emplace_back(ir::IdentityBox{ir::IdentityKind::user, sets::NumberSet::all(), {}});
  if (call == "setgid") out.emplace_back(ir::IdentityBox{ir::IdentityKind::group, sets::NumberSet::all(), {}});
  if (call == "kill") out.emplace_back(ir::PeerBox{ir::PeerKind::signal, every_signal, true, {}});
  if (call == "ptrace")
    out.emplace_back(ir::PeerBox{ir::PeerKind::ptrace, ir::ptrace_read | ir::ptrace_trace, true, {}});
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

ir::Condition flag_test(std::uint64_t mask, std::uint64_t value) {
  ir::Condition condition;
  condition.kind = ir::Condition::Kind::test;
  condition.test.argument = 1;
  condition.test.mask = mask;
  condition.test.value = value;
  return condition;
}

}  // namespace

Version version_of(const target::Settings& settings) {
  const std::string_view version = settings.at("version");
  return version == "2003"   ? Version::v2003
         : version == "2006" ? Version::v2006
         : version == "2010" ? Version::v2010
                             : Version::v2015;
}

bool is_howto(const target::Settings& settings) { return settings.at("style") == "howto"; }

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

std::vector<sets::PathPattern> everywhere() { return {sets::PathPattern{}, sets::PathPattern{}.with_below()}; }

ir::Box whole_call_box(const ir::Policy& policy, std::string_view call) {
  const auto id = find_call(policy, call);
  POLC_CHECK(id, "every call of the backend's tables is known");
  return ir::CallBox{{*id}, {}};
}

std::vector<ir::Box> meaning_of_whole_call(const ir::Policy& policy, std::string_view call) {
  std::vector<ir::Box> result{whole_call_box(policy, call)};
  for (const PathCall& row : path_rows)
    if (row.call == call) add_file(row.verb, row.types, result);
  for (const PathCall& row : at_rows)
    if (row.call == call) add_file(row.verb, row.types, result);
  for (const NetCall& row : net_rows)
    if (row.call == call) add_net(row.verb, result);
  add_process(call, result);
  return result;
}

std::vector<ir::Box> lost_without(const ir::Policy& policy, std::span<const std::string_view> refused) {
  std::vector<ir::Box> result;
  const auto is_refused = [&](std::string_view call) {
    return std::find(refused.begin(), refused.end(), call) != refused.end();
  };
  const auto goes_on = [&](std::string_view call) { return !is_refused(call) && is_call_allowed(policy, call); };
  // The path lines of another call may permit the verb as well; a bare rule stands there only if something asks for it.
  const auto may_go_on = [&](const PathCall& row) {
    return is_one_of(row.call, always_translated) || is_allowed(policy, row);
  };
  FileVerbs::all().for_each([&](FileVerb verb) {
    FileTypes::all().for_each([&](FileType type) {
      bool lost = false, kept = verb == FileVerb::create && type == FileType::socket && allows_unix_bind(policy);
      for (const PathCall& row : path_rows)
        if (row.verb == verb && row.types.contains(type)) is_refused(row.call) ? lost = true : kept |= may_go_on(row);
      for (const PathCall& row : at_rows)
        if (row.verb == verb && row.types.contains(type)) kept |= goes_on(row.call);
      if (lost && !kept) add_file(verb, {type}, result);
    });
  });
  NetVerbs::all().for_each([&](NetVerb verb) {
    bool lost = false, kept = false;
    for (const NetCall& row : net_rows)
      if (row.verb == verb) is_refused(row.call) ? lost = true : kept |= goes_on(row.call);
    if (lost && !kept) add_net(verb, result);
    if (lost && !kept && verb == NetVerb::bind && !allows_nodes(policy))
      add_file(FileVerb::create, {FileType::socket}, result);
  });
  for (const std::string_view call : refused) add_process(call, result);
  return result;
}

void add_open_calls(const ir::Policy& policy, FileVerb verb, std::vector<ir::Box>& out) {
  const Os os = policy.configuration.os;
  const auto number = [&](std::string_view name) {
    const auto value = knowledge::find_constant(os, name);
    POLC_CHECK(value, "the flags of open are known");
    return *value;
  };
  const std::uint64_t create = number("O_CREAT"), truncate = number("O_TRUNC"), append = number("O_APPEND");
  const std::uint64_t access = number("O_ACCMODE") | create | truncate;
  const auto add = [&](std::uint64_t mask, std::uint64_t value) {
    ir::CallBox box = std::get<ir::CallBox>(whole_call_box(policy, "open"));
    box.where.terms.push_back(flag_test(mask, value));
    out.emplace_back(std::move(box));
  };
  switch (verb) {
    case FileVerb::read: add(access, number("O_RDONLY")); break;
    case FileVerb::write: add(access, number("O_WRONLY")), add(access, number("O_RDWR")); break;
    case FileVerb::append:
      add(access | append, number("O_WRONLY") | append), add(access | append, number("O_RDWR") | append);
      break;
    case FileVerb::create: add(create | truncate, create); break;
    case FileVerb::truncate: add(truncate, truncate); break;
    default: break;  // the other verbs need no open
  }
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

bool allows_nodes(const ir::Policy& policy) {
  return any_allow(policy,
                   [](const ir::Box& box) {
                     const auto* file = std::get_if<ir::FileBox>(&box);
                     return file != nullptr && file->verbs.contains(FileVerb::create) && !(file->types & nodes).empty();
                   }) ||
         is_call_allowed(policy, "mknodat");
}

}  // namespace polc::systrace
