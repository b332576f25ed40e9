#include "knowledge/relation.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "knowledge/row_condition.hpp"
#include "support/check.hpp"

namespace polc::knowledge {
namespace {

constexpr ImpliedVerb file_verbs[] = {
    {FileVerb::read, FileVerb::stat}, {FileVerb::write, FileVerb::append}, {FileVerb::exec, FileVerb::read},
    {FileVerb::exec, FileVerb::map},  {FileVerb::exec, FileVerb::stat},
};

// ---- the words of the tables

constexpr std::string_view plus = " + ";

/// The verbs of `read + write`; none: it is no file access.
constexpr FileVerbs verbs_of(std::string_view access) {
  FileVerbs verbs;
  while (!access.empty()) {
    const std::size_t end = std::min(access.find(plus), access.size());
    const std::string_view word = access.substr(0, end);
    for (unsigned v = 0; v < file_verb_names.size(); ++v)
      if (file_verb_names[v] == word) verbs.insert(static_cast<FileVerb>(v));
    access.remove_prefix(std::min(end + plus.size(), access.size()));
  }
  return verbs;
}

/// What open() opens for its data; a socket is connected to instead, a symlink is followed.
constexpr FileTypes openable{FileType::file, FileType::fifo, FileType::chardev, FileType::blockdev};

constexpr FileTypes types_of(std::string_view word) {
  if (word == "any") return FileTypes::all();
  if (word == "non-dir") return FileTypes::all() - FileTypes{FileType::dir};
  if (word == "openable") return openable;
  if (word == "readable") return openable | FileTypes{FileType::dir};
  if (word == "mappable") return {FileType::file, FileType::chardev, FileType::blockdev};
  for (unsigned t = 0; t < file_type_names.size(); ++t)
    if (file_type_names[t] == word) return {static_cast<FileType>(t)};
  return {};
}

#define ROW(access, of, relation, call, condition, architectures, since, seen, note) \
  Row{access, of, Relation::relation, call, condition, architectures, since, seen, note, verbs_of(access), verbs_of(access).empty() ? FileTypes{} : types_of(of)},
constexpr Row linux_rows[] = {
#include "knowledge/linux_relation.inc"
};
constexpr Row openbsd_rows[] = {
#include "knowledge/openbsd_relation.inc"
};
constexpr Row freebsd_rows[] = {
#include "knowledge/freebsd_relation.inc"
};
#undef ROW

bool is_for(const Row& row, Arch arch) {
  std::string_view left = row.architectures;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(' '), left.size());
    if (left.substr(0, end) == name_of(arch)) return true;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return row.architectures.empty();
}

// ---- acts

struct ActMembers {
  std::string_view act;
  std::span<const std::string_view> members;
};
constexpr std::string_view nameless[] = {""};
constexpr std::string_view memory_members[] = {"write_exec", "exec_anonymous"};
constexpr std::string_view namespace_members[] = {"user", "mount", "pid", "net", "ipc", "uts", "cgroup", "time"};
constexpr std::string_view namespace_flags[] = {"CLONE_NEWUSER", "CLONE_NEWNS",  "CLONE_NEWPID",    "CLONE_NEWNET",
                                                "CLONE_NEWIPC",  "CLONE_NEWUTS", "CLONE_NEWCGROUP", "CLONE_NEWTIME"};
static_assert(std::size(namespace_flags) == std::size(namespace_members));
constexpr std::string_view time_members[] = {"set", "adjust"};
constexpr std::string_view mount_members[] = {"mount", "umount", "pivot"};
constexpr std::string_view ipc_members[] = {"shm", "sem", "msg", "mqueue"};
constexpr ActMembers acts[] = {
    {"fork", nameless},
    {"thread", nameless},
    {"socketpair", nameless},
    {"memory", memory_members},
    {"namespace", namespace_members},
    {"time", time_members},
    {"mount", mount_members},
    {"ipc", ipc_members},
};

// ---- sockets

/// The AF_ constant of a family that has one.
std::string_view domain_of(Family family) {
  switch (family) {
    case Family::inet: return "AF_INET";
    case Family::inet6: return "AF_INET6";
    case Family::unix_family: return "AF_UNIX";
    case Family::netlink: return "AF_NETLINK";
    case Family::packet: return "AF_PACKET";
    case Family::other: break;
  }
  return "";
}

std::string_view type_of(SocketType type) {
  switch (type) {
    case SocketType::stream: return "SOCK_STREAM";
    case SocketType::dgram: return "SOCK_DGRAM";
    case SocketType::seqpacket: return "SOCK_SEQPACKET";
    case SocketType::raw: return "SOCK_RAW";
  }
  return "";
}

/// A condition on socket()'s domain. `other` is every value that no named family has; a family that the OS has no number for
/// cannot be asked for there, so its condition holds for no value.
std::string domain_condition(Os os, Family family) {
  if (family != Family::other)
    return find_constant(os, domain_of(family)) ? "domain == " + std::string(domain_of(family)) : "domain & 0 != 0";
  std::string text;
  for (const Family named : {Family::unix_family, Family::inet, Family::inet6, Family::netlink, Family::packet}) {
    if (!find_constant(os, domain_of(named))) continue;
    if (!text.empty()) text += " and ";
    text += "domain != " + std::string(domain_of(named));
  }
  return text;
}

CallPattern socket_where(Os os, std::optional<Arch> arch, const std::string& condition) {
  const auto call = find_call(os, "socket");
  POLC_CHECK(call, "every system has socket");
  return {*call, condition_of(condition, os, arch.value_or(Arch::x86_64), *call, {})};
}

std::string family_and_type(Os os, Family family, SocketType type, bool asks_kernel) {
  const std::string flags = asks_kernel ? "0xf" : "~(SOCK_CLOEXEC | SOCK_NONBLOCK)";
  return domain_condition(os, family) + " and type & " + flags + " == " + std::string(type_of(type));
}

}  // namespace

std::span<const ImpliedVerb> implied_file_verbs() { return file_verbs; }

std::span<const Row> rows_of(Os os) {
  switch (os) {
    case Os::linux_os: return linux_rows;
    case Os::openbsd: return openbsd_rows;
    case Os::freebsd: return freebsd_rows;
  }
  return {};
}

bool is_in(Relation wanted, const Row& row) {
  if (row.relation == Relation::both) return wanted == Relation::brings || wanted == Relation::sure;
  return row.relation == wanted || (row.relation == Relation::step && wanted == Relation::brings);
}

std::vector<const Row*> find_rows(Os os, Relation relation, std::string_view access, std::string_view of) {
  return find_rows(rows_of(os), relation, access, of);
}

std::vector<const Row*> find_rows(std::span<const Row> rows, Relation relation, std::string_view access, std::string_view of) {
  std::vector<const Row*> found;
  for (const Row& row : rows)
    if (row.access == access && is_in(relation, row) && (of == "any" || row.of.empty() || row.of == of)) found.push_back(&row);
  return found;
}

std::optional<CallId> call_on(const Row& row, Os os, std::optional<Arch> arch) {
  const auto call = find_call(os, row.call);
  POLC_CHECK(call, "every call of the tables is known");
  if (arch && os == Os::linux_os && (!is_for(row, *arch) || !number_of(*arch, *call))) return std::nullopt;
  return call;
}

std::optional<CallPattern> pattern_of(const Row& row, Os os, std::optional<Arch> arch, std::span<const Parameter> parameters) {
  const auto call = call_on(row, os, arch);
  if (!call) return std::nullopt;
  return CallPattern{*call, condition_of(row.condition, os, arch.value_or(Arch::x86_64), *call, parameters)};
}

std::vector<CallPattern> patterns_of(std::span<const Row* const> rows, Os os, std::optional<Arch> arch, std::span<const Parameter> parameters) {
  std::vector<CallPattern> patterns;
  for (const Row* row : rows) {
    auto pattern = pattern_of(*row, os, arch, parameters);
    if (pattern && std::find(patterns.begin(), patterns.end(), *pattern) == patterns.end()) patterns.push_back(std::move(*pattern));
  }
  return patterns;
}

CallPattern socket_call(Os os, Family family, SocketType type, std::uint32_t protocol, std::optional<Arch> arch, bool asks_kernel) {
  return socket_where(os, arch, family_and_type(os, family, type, asks_kernel) + " and protocol == " + std::to_string(protocol));
}

CallPattern socket_call(Os os, Family family, SocketType type, std::optional<Arch> arch, bool asks_kernel) {
  return socket_where(os, arch, family_and_type(os, family, type, asks_kernel));
}

CallPattern socket_call(Os os, std::optional<Arch> arch) { return socket_where(os, arch, ""); }

std::uint64_t namespace_kinds(std::string_view member) {
  std::uint64_t kinds = 0;
  for (std::size_t i = 0; i < std::size(namespace_members); ++i)
    if (member == namespace_members[i] || member == "any") kinds |= *find_constant(Os::linux_os, namespace_flags[i]);
  return kinds;
}

std::span<const std::string_view> members_of(std::string_view act) {
  for (const ActMembers& entry : acts)
    if (entry.act == act) return entry.members;
  return {};
}

}  // namespace polc::knowledge
