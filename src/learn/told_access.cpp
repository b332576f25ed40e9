#include "learn/told_access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "format/words.hpp"
#include "knowledge/names.hpp"

namespace polc::learn {
namespace {

struct Row {
  std::string_view word, access;
};
std::string_view find(const auto& table, std::string_view word) {
  const auto at = std::ranges::find(table, word, &Row::word);
  return at == std::end(table) ? std::string_view() : at->access;
}

// security/apparmor/file.c: the letters of a mask. `w` is many things; the operation says which.
constexpr std::array<Row, 9> letters{{{"r", "read"},
                                      {"a", "append"},
                                      {"c", "create"},
                                      {"d", "delete"},
                                      {"l", "link"},
                                      {"k", "lock"},
                                      {"x", "exec"},
                                      {"m", "map"},
                                      {"w", "write"}}};
constexpr std::array<Row, 10> operations{{{"mknod", "create"},
                                          {"mkdir", "mkdir"},
                                          {"rmdir", "delete"},
                                          {"unlink", "delete"},
                                          {"truncate", "truncate"},
                                          {"chmod", "chmod"},
                                          {"chown", "chown"},
                                          {"getattr", "stat"},
                                          {"rename_src", "rename"},
                                          {"rename_dest", "rename"}}};
constexpr std::array<Row, 3> protocols{{{"stream", "tcp"}, {"dgram", "udp"}, {"raw", "icmp"}}};

// security/landlock/audit.c. Of what is made or removed a record names the directory alone.
constexpr std::array<Row, 8> on_objects{{{"fs.execute", "exec"},
                                         {"fs.write_file", "write"},
                                         {"fs.read_file", "read"},
                                         {"fs.read_dir", "list"},
                                         {"fs.truncate", "truncate"},
                                         {"fs.ioctl_dev", "ioctl"},
                                         {"fs.resolve_unix", "connect unix"},
                                         {"fs.change_topology", ""}}};
struct Made {
  std::string_view word, verb, type;
};
constexpr std::array<Made, 9> in_directories{{{"fs.make_reg", "create", "file"},
                                              {"fs.make_dir", "create", "dir"},
                                              {"fs.make_sock", "create", "socket"},
                                              {"fs.make_fifo", "create", "fifo"},
                                              {"fs.make_sym", "create", "symlink"},
                                              {"fs.make_char", "create", "chardev"},
                                              {"fs.make_block", "create", "blockdev"},
                                              {"fs.remove_file", "delete", ""},
                                              {"fs.remove_dir", "delete", "dir"}}};

std::string place(std::string path) {
  const bool is_directory = path.size() > 1 && path.back() == '/';
  if (is_directory) path.pop_back();
  return format::quoted_path(path) + (is_directory ? " type dir" : "");
}

// The mask's own spelling changed: `denied_mask=` of all kernels, `denied=` of some, of the net class.
std::string mask_of(const Record& record) {
  return record.has("denied_mask") ? record.word("denied_mask")
         : record.has("denied")    ? record.word("denied")
                                   : record.word("requested_mask");
}

void add_file(const Record& record, Told& told) {
  const std::string operation = record.word("operation"), name = record.bytes("name");
  if (!name.starts_with('/')) return;
  if (const std::string_view verb = find(operations, operation); !verb.empty()) {
    told.accesses.push_back(fmt::format("{} {}", verb, place(name)));
    return;
  }
  const std::string target = record.bytes("target");
  if ((operation == "link") && target.starts_with('/')) {
    told.accesses.push_back(fmt::format("link {} -> {}", format::quoted_path(target), format::quoted_path(name)));
    return;
  }
  for (const char letter : mask_of(record))
    if (const std::string_view verb = find(letters, std::string_view(&letter, 1)); !verb.empty())
      told.accesses.push_back(fmt::format("{} {}", verb, place(name)));
}

// Of what AppArmor asks a rule for (security/apparmor/include/audit.h, OP_*) that the language has a verb for.
constexpr std::array<Row, 7> net_verbs{{{"accept", "accept"},
                                        {"bind", "bind"},
                                        {"connect", "connect"},
                                        {"create", "socket"},
                                        {"listen", "listen"},
                                        {"recvmsg", "receive"},
                                        {"sendmsg", "send"}}};

void add_unix(const Record& record, std::string_view verb, Told& told) {
  const bool is_to_peer = verb == "connect" || verb == "send";
  const std::string address = verb == "socket" ? "" : record.bytes(is_to_peer ? "peer_addr" : "addr");
  const std::string at = address.starts_with('@')   ? " abstract " + format::quoted_path(address.substr(1))
                         : address.starts_with('/') ? " " + format::quoted_path(address)
                                                    : "";
  told.accesses.push_back(fmt::format("{} unix {}{}", verb, record.word("sock_type"), at));
}

void add_inet(const Record& record, std::string_view verb, Told& told) {
  const std::string number = record.word("protocol");
  const std::string_view protocol = find(protocols, record.word("sock_type"));
  const bool is_ping = protocol != "icmp" || number == "1" ||
                       number == "58";  // of what goes through a raw socket the language has words for these two
  if (protocol.empty() || !is_ping) return;
  if (verb == "socket") {
    told.accesses.push_back(fmt::format("socket {}", protocol));
    return;
  }
  const bool is_local = verb == "bind" || verb == "listen" || verb == "accept";
  const std::string host = record.word(is_local ? "laddr" : "faddr"), port = record.word(is_local ? "lport" : "fport");
  const std::string address = host.empty()                  ? (record.word("family") == "inet" ? "any4" : "any6")
                              : host.find(':') != host.npos ? "[" + host + "]"
                                                            : host;
  told.accesses.push_back(
      fmt::format("{} {} {}{}", verb, protocol, address, port.empty() || protocol == "icmp" ? "" : ":" + port));
  if (host.empty()) told.notes.emplace_back("the record has no address: put the one that is meant in its place");
}

void add_net(const Record& record, Told& told) {
  const std::string family = record.word("family");
  const std::string_view verb = find(net_verbs, record.word("operation"));
  if (verb.empty()) return;
  if (family == "unix") return add_unix(record, verb, told);
  if (family == "inet" || family == "inet6") return add_inet(record, verb, told);
  const auto number = number_of(record.word("protocol"), 10);
  const auto netlink = family == "netlink" && verb == "socket" && number
                           ? knowledge::find_name(knowledge::netlink_protocols(), *number)
                           : std::nullopt;
  if (netlink) told.accesses.push_back(fmt::format("socket netlink {}", *netlink));
}

// What is done to the program needs a rule of AppArmor's at both ends; the language's rules are of who does it.
bool is_done_to_it(const Record& record) {
  const std::string mask = mask_of(record);
  return mask == "receive" || mask == "readby" || mask == "tracedby";
}

void add_process(const Record& record, Told& told) {
  const std::string operation = record.word("operation"), signal = record.word("signal"),
                    capability = record.word("capname");
  constexpr std::array<Row, 4> mounts{
      {{"mount", "mount"}, {"umount", "umount"}, {"pivotroot", "pivot"}, {"remount", "mount"}}};
  if (knowledge::find_capability(capability)) told.accesses.push_back("capability " + capability);
  else if (is_done_to_it(record))
    told.notes.emplace_back("the program is who it is done to: only a rule of AppArmor's allows that");
  else if (operation == "signal" && knowledge::find_signal(Os::linux_os, signal))
    told.accesses.push_back(fmt::format("signal {} to any", signal));
  else if (operation == "ptrace")
    told.accesses.push_back(fmt::format("ptrace {} to any", mask_of(record) == "read" ? "read" : "trace"));
  else if (const std::string_view word = find(mounts, operation); !word.empty())
    told.accesses.push_back(fmt::format("mount {}", word));
}

bool is_of_process(const Record& record) {
  constexpr std::array<std::string_view, 6> operations_of_processes{"mount",   "pivotroot", "ptrace",
                                                                    "remount", "signal",    "umount"};
  return record.has("capname") ||
         std::ranges::find(operations_of_processes, record.word("operation")) != operations_of_processes.end();
}

}  // namespace

std::optional<Told> apparmor_told(const Record& record) {
  const std::string verdict = record.word("apparmor");
  if (verdict != "DENIED" && verdict != "ALLOWED" && verdict != "AUDIT") return std::nullopt;
  Told told;
  told.target = "apparmor", told.reaction = "denied", told.profile = record.bytes("profile");
  told.happened = verdict != "DENIED";
  if (record.has("family")) add_net(record, told);
  else if (is_of_process(record)) add_process(record, told);
  else add_file(record, told);
  told.what = told.accesses.empty() ? fmt::format("`{}`, for which polc has no word", record.word("operation"))
                                    : fmt::format("{}", fmt::join(told.accesses, "; "));
  if (record.word("info").find("disconnected path") != std::string::npos) {
    told.notes.emplace_back(
        "a path outside the program's root: no rule helps; `target apparmor { option flags = attach_disconnected; }` "
        "does");
    told.accesses.clear();
  }
  if (const std::size_t at = told.profile.find("//null-"); at != std::string::npos) {
    told.notes.push_back(fmt::format("`{}` is AppArmor's name for an `exec` that no rule lets through: {}",
                                     told.profile.substr(at + 2), told.profile.substr(at + 7)));
    told.profile.resize(at);
  }
  return told;
}

std::optional<Told> landlock_told(const Record& record) {
  Told told;
  told.target = "landlock", told.reaction = "denied", told.program = record.bytes("exe");
  const std::string path = record.bytes("path"), blockers = record.word("blockers");
  for (std::size_t begin = 0; begin <= blockers.size();) {
    const std::size_t end = std::min(blockers.find(',', begin), blockers.size());
    const std::string_view right = std::string_view(blockers).substr(begin, end - begin);
    begin = end + 1;
    if (const std::string_view verb = find(on_objects, right); !verb.empty() && path.starts_with('/'))
      told.accesses.push_back(fmt::format("{} {}", verb, format::quoted_path(path)));
    if (const auto made = std::ranges::find(in_directories, right, &Made::word);
        made != in_directories.end() && path.starts_with('/')) {
      told.accesses.push_back(fmt::format("{} \"{}/*\"{}", made->verb, path == "/" ? "" : sets::escaped_literal(path),
                                          made->type.empty() ? "" : fmt::format(" type {}", made->type)));
      told.notes.emplace_back("the record names the directory alone: put the name in the place of `*`");
    }
    if (right == "net.bind_tcp") told.accesses.push_back("bind tcp any:" + record.word("src"));
    if (right == "net.connect_tcp") told.accesses.push_back("connect tcp any:" + record.word("dest"));
    if (right == "scope.signal") told.accesses.emplace_back("signal any to any");
    if (right == "scope.abstract_unix_socket")
      told.accesses.push_back("connect unix abstract " + format::quoted_path(path));
    if (right == "ptrace") told.accesses.emplace_back("ptrace trace to any");
  }
  told.what = told.accesses.empty() ? fmt::format("`{}`, for which polc has no word", blockers)
                                    : fmt::format("{}", fmt::join(told.accesses, "; "));
  return told;
}

std::optional<Told> selinux_told(std::string_view line, const Record& record) {
  Told told;
  told.target = "selinux", told.reaction = "denied", told.program = record.bytes("exe"),
  told.happened = record.word("permissive") == "1";
  const std::size_t open = line.find("{ "), close = line.find(" }");
  const std::string right(open == line.npos || close == line.npos || close < open
                              ? std::string_view("?")
                              : line.substr(open + 2, close - open - 2));
  told.what = fmt::format("`{}` of a {}", right, record.word("tclass"));
  told.notes.push_back(fmt::format(
      "SELinux decides by types ({} on {}), and no policy of polc has any: this is its own policy's to allow",
      record.word("scontext"), record.word("tcontext")));
  return told;
}

}  // namespace polc::learn
