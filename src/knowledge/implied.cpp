#include "knowledge/implied.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/implied_tables.hpp"
#include "knowledge/names.hpp"
#include "support/check.hpp"

namespace polc::knowledge {
namespace {

constexpr ImpliedVerb file_verbs[] = {
    {FileVerb::read, FileVerb::stat}, {FileVerb::write, FileVerb::append}, {FileVerb::exec, FileVerb::read},
    {FileVerb::exec, FileVerb::map},  {FileVerb::exec, FileVerb::stat},
};

// Every flag of clone that makes a namespace.
constexpr std::string_view any_namespace = "CLONE_NEW_ANY";
constexpr std::array<std::string_view, 7> namespace_flags{
    "CLONE_NEWCGROUP", "CLONE_NEWIPC", "CLONE_NEWNET", "CLONE_NEWNS", "CLONE_NEWPID", "CLONE_NEWUSER", "CLONE_NEWUTS"};

ImpliedTables tables_of(Os os) {
  switch (os) {
    case Os::linux_os: return linux_implied();
    case Os::openbsd: return openbsd_implied();
    case Os::freebsd: return freebsd_implied();
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Calls `visit` for each piece of `text` between separators; for no piece of an empty text.
template <class Visitor>
void for_each_piece(std::string_view text, char separator, Visitor&& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    visit(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// "O_CREAT|O_TRUNC" or "0" in the OS's numbers.
std::uint64_t number_of_text(Os os, Arch arch, std::string_view text) {
  std::uint64_t bits = 0;
  for_each_piece(text, '|', [&](std::string_view name) {
    if (name == "0") return;
    if (name == any_namespace) {
      for (const std::string_view flag : namespace_flags) bits |= *find_constant(os, arch, flag);
      return;
    }
    const auto value = find_constant(os, arch, name);
    POLC_CHECK(value, "every constant of the implied tables is known");
    bits |= *value;
  });
  return bits;
}

/// "flags & O_CREAT|O_TRUNC == O_CREAT" as a test of `call`. The high half of a 32-bit argument never counts.
ArgumentTest test_of(Os os, Arch arch, const Call& call, std::string_view text) {
  const bool equal = text.find("!=") == std::string_view::npos;
  const std::size_t comparison = text.find(equal ? "==" : "!=");
  POLC_CHECK(comparison != std::string_view::npos, "a test compares");
  std::string_view left = trimmed(text.substr(0, comparison));
  std::uint64_t mask = ~std::uint64_t{0};
  if (const std::size_t ampersand = left.find('&'); ampersand != std::string_view::npos) {
    const std::string_view bits = trimmed(left.substr(ampersand + 1));
    mask = bits.front() == '~' ? ~number_of_text(os, arch, bits.substr(1)) : number_of_text(os, arch, bits);
    left = trimmed(left.substr(0, ampersand));
  }
  const auto argument = find_argument(call, left);
  POLC_CHECK(argument, "a test names an argument of its call");
  if (const auto width = call.arguments[*argument].width; width < 64) mask &= (std::uint64_t{1} << width) - 1;
  return {static_cast<std::uint8_t>(*argument), mask, equal,
          number_of_text(os, arch, trimmed(text.substr(comparison + 2))) & mask};
}

CallPattern pattern_of(Os os, std::optional<Arch> arch, std::string_view name, std::string_view tests) {
  const auto call = find_call(os, name);
  POLC_CHECK(call, "every call of the implied tables is known");
  CallPattern pattern{*call, {}};
  for_each_piece(tests, ',', [&](std::string_view test) {
    pattern.tests.push_back(test_of(os, arch.value_or(Arch::x86_64), call_of(os, *call), test));
  });
  return pattern;
}

bool is_same(const CallPattern& a, const CallPattern& b) {
  return a.call == b.call && std::equal(a.tests.begin(), a.tests.end(), b.tests.begin(), b.tests.end(),
                                        [](const ArgumentTest& x, const ArgumentTest& y) {
                                          return x.argument == y.argument && x.mask == y.mask && x.equal == y.equal &&
                                                 x.value == y.value;
                                        });
}

/// Without an architecture every call is there; other systems' calls have no numbers to ask for.
bool is_on(Os os, std::optional<Arch> arch, CallId call) {
  return !arch || os != Os::linux_os || number_of(*arch, call).has_value();
}

/// Adds the row's pattern, unless it is there already or the architecture lacks the call.
void add_once(std::vector<CallPattern>& patterns, Os os, std::optional<Arch> arch, std::string_view call,
              std::string_view tests) {
  // x86's mmap has its arguments in memory; libc calls mmap2 there, which has a row of its own.
  if (os == Os::linux_os && arch == Arch::x86 && call == "mmap") return;
  CallPattern pattern = pattern_of(os, arch, call, tests);
  if (!is_on(os, arch, pattern.call)) return;
  const auto same = [&](const CallPattern& other) { return is_same(other, pattern); };
  if (std::none_of(patterns.begin(), patterns.end(), same)) patterns.push_back(std::move(pattern));
}

std::vector<CallPattern> calls_of_kind(Os os, std::optional<Arch> arch, std::string_view kind,
                                       std::string_view member) {
  std::vector<CallPattern> patterns;
  for (const NamedRow& row : tables_of(os).named)
    if (row.kind == kind && (member == "any" || row.member == member))
      add_once(patterns, os, arch, row.call, row.tests);
  return patterns;
}

struct ClassMembers {
  std::string_view klass;
  std::span<const std::string_view> members;
};
constexpr std::string_view nameless[] = {""};
constexpr std::string_view memory_members[] = {"write_exec", "exec_anonymous"};
constexpr std::string_view namespace_members[] = {"user", "mount", "pid", "net", "ipc", "uts", "cgroup", "time"};
constexpr std::string_view time_members[] = {"set", "adjust"};
constexpr std::string_view mount_members[] = {"mount", "umount", "pivot"};
constexpr std::string_view ipc_members[] = {"shm", "sem", "msg", "mqueue"};
constexpr ClassMembers classes[] = {
    {"fork", nameless},
    {"thread", nameless},
    {"socketpair", nameless},
    {"memory", memory_members},
    {"namespace", namespace_members},
    {"time", time_members},
    {"mount", mount_members},
    {"ipc", ipc_members},
};

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

/// The tests of socket()'s domain. `other` is every value that no named family has; a family that the OS has no number
/// for cannot be asked for there, so its test holds for no value.
std::string domain_tests(Os os, Family family) {
  if (family != Family::other)
    return find_constant(os, domain_of(family)) ? "domain == " + std::string(domain_of(family)) : "domain & 0 != 0";
  std::string tests;
  for (const Family named : {Family::unix_family, Family::inet, Family::inet6, Family::netlink, Family::packet}) {
    if (!find_constant(os, domain_of(named))) continue;
    if (!tests.empty()) tests += ", ";
    tests += "domain != " + std::string(domain_of(named));
  }
  return tests;
}

}  // namespace

std::span<const ImpliedVerb> implied_file_verbs() { return file_verbs; }

std::vector<CallPattern> calls_for_file(Os os, FileVerb verb, FileType type, std::optional<Arch> arch) {
  std::vector<CallPattern> patterns;
  for (const FileRow& row : tables_of(os).files)
    if (row.verb == verb && row.types.contains(type)) add_once(patterns, os, arch, row.call, row.tests);
  return patterns;
}

// The family does not choose the call today; it stays a parameter because socketcall-like ABIs would need it.
std::vector<CallPattern> calls_for_net(Os os, NetVerb verb, Family, std::optional<Arch> arch) {
  std::vector<CallPattern> patterns;
  for (const NetRow& row : tables_of(os).nets)
    if (row.verb == verb) add_once(patterns, os, arch, row.call, row.tests);
  return patterns;
}

std::vector<CallPattern> calls_for_setuid(Os os, std::optional<Arch> arch) {
  return calls_of_kind(os, arch, "setuid", "");
}
std::vector<CallPattern> calls_for_setgid(Os os, std::optional<Arch> arch) {
  return calls_of_kind(os, arch, "setgid", "");
}
std::vector<CallPattern> calls_for_signal(Os os, std::optional<Arch> arch) {
  return calls_of_kind(os, arch, "signal", "");
}
std::vector<CallPattern> calls_for_ptrace(Os os, std::optional<Arch> arch) {
  return calls_of_kind(os, arch, "ptrace", "");
}

std::vector<CallPattern> calls_for_capability(Os os, std::uint64_t capability, std::optional<Arch> arch) {
  for (const NamedNumber& entry : capabilities())
    if (entry.value == capability) return calls_of_kind(os, arch, "capability", entry.name);
  return {};
}

CallPattern socket_call(Os os, Family family, SocketType type, std::uint32_t protocol, std::optional<Arch> arch) {
  CallPattern pattern = socket_call(os, family, type, arch);
  const auto place = find_argument(call_of(os, pattern.call), "protocol");
  POLC_CHECK(place, "socket has a protocol");
  pattern.tests.push_back({static_cast<std::uint8_t>(*place), 0xFFFF'FFFFu, true, protocol});
  return pattern;
}

CallPattern socket_call(Os os, Family family, SocketType type, std::optional<Arch> arch) {
  return pattern_of(os, arch, "socket",
                    domain_tests(os, family) + ", type & ~SOCK_CLOEXEC|SOCK_NONBLOCK == " + std::string(type_of(type)));
}

CallPattern socket_call(Os os, std::optional<Arch> arch) { return pattern_of(os, arch, "socket", ""); }

std::vector<CallPattern> calls_named(Os os, std::string_view klass, std::string_view member, std::optional<Arch> arch) {
  if (members_of(klass).empty()) return {};
  return calls_of_kind(os, arch, klass, member);
}

std::span<const std::string_view> members_of(std::string_view klass) {
  for (const ClassMembers& entry : classes)
    if (entry.klass == klass) return entry.members;
  return {};
}

}  // namespace polc::knowledge
