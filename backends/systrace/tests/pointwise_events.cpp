#include "pointwise_events.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "support/overloaded.hpp"

namespace polc::systrace::pointwise {
namespace {

Event with_name(std::string_view call, const std::string& path) {
  return {std::string(call), {{"filename", path, false}}};
}

/// The opens with one of the accesses and flags as they are asked for: 'x' must be there, '-' must not, '?' may.
struct Flags {
  char append = '?', create = '?', truncate = '?';
};
void add_open(std::initializer_list<std::string_view> accesses, Flags flags, const Argument& name, std::vector<Event>& out) {
  const auto choices = [](char wanted, const char* letter) {
    return wanted == 'x'   ? std::vector<std::string>{letter}
           : wanted == '-' ? std::vector<std::string>{""}
                           : std::vector<std::string>{"", letter};
  };
  for (const std::string_view access : accesses)
    for (const auto& append : choices(flags.append, "a"))
      for (const auto& create : choices(flags.create, "c"))
        for (const auto& truncate : choices(flags.truncate, "t"))
          out.push_back({"open", {name, {"oflags", std::string(access) + append + create + truncate, false}}});
}

/// The same by openat too; before 2015 it has no translator, so only a bare rule can meet it.
void add_opens(std::initializer_list<std::string_view> accesses, Flags flags, const Argument& name,
               const Dialect& dialect, std::vector<Event>& out) {
  add_open(accesses, flags, name, out);
  for (std::size_t i = 0, n = out.size(); i < n; ++i)
    if (out[i].call == "open")
      out.push_back(dialect.year >= 2015 ? Event{"openat", out[i].arguments} : Event{"openat", {}});
}

void add_files(std::initializer_list<std::string_view> calls, const std::string& path, const Dialect& dialect,
               std::vector<Event>& out) {
  for (const std::string_view call : calls) {
    const auto names = syntax::translated(call, dialect.year);
    const bool named = std::find(names.begin(), names.end(), "filename") != names.end();
    out.push_back(named ? with_name(call, path) : Event{std::string(call), {}});
  }
}

// Whatever exists of it at the place: systrace does not see types, only that some calls are for some types.
void add_creation(const ir::FilePoint& point, const Dialect& dialect, std::vector<Event>& out) {
  switch (point.type) {
    case FileType::file:
      add_opens({"ro", "wo", "rw"}, {'?', 'x', '?'}, {"filename", point.path, false}, dialect, out);
      break;
    case FileType::dir: add_files({"mkdir", "mkdirat"}, point.path, dialect, out); break;
    case FileType::fifo: add_files({"mkfifo", "mkfifoat"}, point.path, dialect, out); break;
    case FileType::symlink: add_files({"symlink", "symlinkat"}, point.path, dialect, out); break;
    case FileType::socket: out.push_back({"bind", {{"sockaddr", point.path, false}}}); [[fallthrough]];
    case FileType::chardev:
    case FileType::blockdev: add_files({"mknod", "mknodat"}, point.path, dialect, out); break;
  }
}

void add_reading(const ir::FilePoint& point, const Dialect& dialect, std::vector<Event>& out) {
  const Argument name{"filename", point.path, false};
  if (point.type == FileType::symlink) add_files({"readlink", "readlinkat"}, point.path, dialect, out);
  else if (point.type == FileType::dir) add_opens({"ro"}, {'?', '-', '-'}, name, dialect, out);
  else add_opens({"ro", "rw"}, {}, name, dialect, out);
}

std::vector<Event> events(const ir::FilePoint& point, const Dialect& dialect) {
  std::vector<Event> out;
  const Argument name{"filename", point.path, false};
  const auto files = [&](std::initializer_list<std::string_view> calls) { add_files(calls, point.path, dialect, out); };
  switch (point.verb) {
    case FileVerb::read: add_reading(point, dialect, out); break;
    case FileVerb::write: add_opens({"wo", "rw"}, {'-', '?', '?'}, name, dialect, out); break;
    case FileVerb::append: add_opens({"wo", "rw"}, {'x', '?', '?'}, name, dialect, out); break;
    case FileVerb::truncate:
      add_opens({"ro", "wo", "rw"}, {'?', '?', 'x'}, name, dialect, out);
      files({"truncate"});
      break;
    case FileVerb::create: add_creation(point, dialect, out); break;
    case FileVerb::remove:
      point.type == FileType::dir ? files({"rmdir", "unlinkat"}) : files({"unlink", "unlinkat"});
      break;
    case FileVerb::chmod: files({"chmod", "fchmodat"}); break;
    case FileVerb::chown: files({"chown", "lchown", "fchownat"}); break;
    case FileVerb::utime: files({"utimes", "utimensat"}); break;
    case FileVerb::stat: files({"stat", "lstat", "access", "fstatat", "faccessat"}); break;
    case FileVerb::chdir: files({"chdir"}); break;
    case FileVerb::chroot: files({"chroot"}); break;
    case FileVerb::exec: files({"execve"}); break;
    case FileVerb::map: files({"mmap"}); break;
    case FileVerb::lock: files({"flock", "fcntl"}); break;
    case FileVerb::ioctl: files({"ioctl"}); break;
    case FileVerb::watch: files({"kqueue", "kevent"}); break;
    case FileVerb::xattr:
    case FileVerb::rename:
    case FileVerb::link: break;
  }
  return out;
}

std::vector<Event> events(const ir::PairPoint& point, const Dialect& dialect) {
  const std::vector<Argument> names{{"filename", point.from, false}, {"filename", point.to, false}};
  const bool renames = point.verb == FileVerb::rename;
  return {{renames ? "rename" : "link", names},
          {renames ? "renameat" : "linkat", dialect.year >= 2015 ? names : std::vector<Argument>{}}};
}

// ---- network

std::string host_text(const sockaddr* address, socklen_t length) {
  std::array<char, NI_MAXHOST> host{};
  if (getnameinfo(address, length, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) return "";
  return host.data();
}

std::string address_text(const ir::NetPoint& point) {
  const std::string port = "]:" + std::to_string(point.port);
  switch (point.family) {
    case Family::inet: {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(point.ip4);
      return "inet-[" + host_text(reinterpret_cast<const sockaddr*>(&address), sizeof address) + port;
    }
    case Family::inet6: {
      sockaddr_in6 address{};
      address.sin6_family = AF_INET6;
      for (unsigned i = 0; i < 16; ++i)
        address.sin6_addr.s6_addr[i] = static_cast<unsigned char>(point.ip6 >> (120 - 8 * i));
      return "inet-[" + host_text(reinterpret_cast<const sockaddr*>(&address), sizeof address) + port;
    }
    case Family::unix_family:
      return point.unix_address.kind == ir::UnixAddress::Kind::path ? point.unix_address.name : "";
    case Family::netlink:
    case Family::packet:
    case Family::other: break;
  }
  return "family(99)";
}

std::vector<Event> events(const ir::NetPoint& point, const Dialect& dialect) {
  const std::vector<Argument> address{{"sockaddr", address_text(point), false}};
  switch (point.verb) {
    case NetVerb::connect: return {{"connect", address}};
    case NetVerb::bind: return {{"bind", address}};
    case NetVerb::listen: return {{"listen", {}}};
    case NetVerb::accept: return {{"accept", {}}, {"accept4", {}}};
    case NetVerb::send:
      return {{"sendto", address}, {"sendmsg", dialect.year >= 2010 ? address : std::vector<Argument>{}}};
    case NetVerb::receive: return {{"recvfrom", {}}, {"recvmsg", {}}};
  }
  return {};
}

// ---- calls

std::uint64_t constant(const Dialect& dialect, std::string_view name) {
  return knowledge::find_constant(dialect.os, name).value_or(0);
}

// The flags of open say which access it is; the path is open.
std::vector<Event> opens(std::uint64_t flags, const Dialect& dialect) {
  const Argument anywhere{"filename", "", true};
  const auto has = [&](std::string_view name) { return (flags & constant(dialect, name)) != 0; };
  std::vector<Event> out;
  if (has("O_TRUNC")) {
    add_open({"ro", "wo", "rw"}, {'?', '?', 'x'}, anywhere, out);
  } else if (has("O_CREAT")) {
    add_open({"ro", "wo", "rw"}, {'?', 'x', '-'}, anywhere, out);
  } else {
    const std::uint64_t every = constant(dialect, "O_ACCMODE"), access = flags & every;
    if (access == constant(dialect, "O_RDONLY")) add_open({"ro"}, {'?', '-', '-'}, anywhere, out);
    else if (access != every) add_open({"wo", "rw"}, {has("O_APPEND") ? '?' : '-', '-', '-'}, anywhere, out);
  }
  return out;
}

std::string named(std::span<const std::pair<std::uint64_t, std::string_view>> names, std::uint64_t number,
                  std::string_view unknown) {
  for (const auto& [value, name] : names)
    if (value == number) return std::string(name);
  return std::string(unknown) + "(" + std::to_string(static_cast<std::int32_t>(number)) + ")";
}

Event socket_event(const sets::Arguments& arguments, const Dialect& dialect) {
  const std::pair<std::uint64_t, std::string_view> domains[] = {
      {constant(dialect, "AF_UNIX"), "AF_UNIX"},      {constant(dialect, "AF_INET"), "AF_INET"},
      {constant(dialect, "AF_INET6"), "AF_INET6"},    {constant(dialect, "AF_IPX"), "AF_IPX"},
      {constant(dialect, "AF_ISO"), "AF_ISO"},        {constant(dialect, "AF_NS"), "AF_NS"},
      {constant(dialect, "AF_IMPLINK"), "AF_IMPLINK"}};
  const std::pair<std::uint64_t, std::string_view> types[] = {
      {1, "SOCK_STREAM"}, {2, "SOCK_DGRAM"}, {3, "SOCK_RAW"}, {4, "SOCK_RDM"}, {5, "SOCK_SEQPACKET"}};
  // OpenBSD had no flags in the type before its last releases with systrace.
  const std::uint64_t flags = constant(dialect, "SOCK_CLOEXEC") | constant(dialect, "SOCK_NONBLOCK");
  const std::uint64_t domain = arguments[0] & 0xFFFF'FFFFu, type = arguments[1] & 0xFFFF'FFFFu & ~flags;
  return {"socket",
          {{"sockdom", named(domains, domain, "AF_UNKNOWN"), false},
           {"socktype", named(types, type, "SOCK_UNKNOWN"), false}}};
}

std::string protection_text(std::uint64_t bits) {
  std::string out;
  const auto add = [&](const std::string& name) { out += (out.empty() ? "" : "|") + name; };
  if (bits & 1) add("PROT_READ");
  if (bits & 2) add("PROT_WRITE");
  if (bits & 4) add("PROT_EXEC");
  constexpr char digits[] = "0123456789abcdef";
  std::string rest;
  for (std::uint64_t left = bits & 0xFFFF'FFFFu & ~std::uint64_t{7}; left != 0; left >>= 4)
    rest.insert(rest.begin(), digits[left & 15]);
  if (!rest.empty()) add("<unknown:0x" + rest + ">");
  return out.empty() ? "PROT_NONE" : out;
}

std::vector<Event> events(const ir::CallPoint& point, const Dialect& dialect) {
  const std::string name(knowledge::call_of(dialect.os, point.call).name);
  if (name == "open") return opens(point.arguments[1], dialect);
  if (name == "socket") return {socket_event(point.arguments, dialect)};
  Event event{name, {}};
  for (const std::string_view argument : syntax::translated(name, dialect.year))
    event.arguments.push_back(argument == "prot" ? Argument{"prot", protection_text(point.arguments[2]), false}
                                                 : Argument{std::string(argument), "", true});
  return {event};
}

// ---- process

/// What a name or a number stands for, as far as the file tells.
class Accounts {
 public:
  explicit Accounts(const File& file);
  std::optional<std::uint32_t> find_id(bool user, std::string_view name) const;
  std::optional<std::string> find_name(bool user, std::uint32_t id) const;

 private:
  void learn(const Expression& condition);
  std::vector<AccountNote> notes_;
};

Accounts::Accounts(const File& file) : notes_(file.accounts) {
  for (const PolicyText& policy : file.policies)
    for (const Rule& rule : policy.rules) learn(rule.condition);
}

// `uid eq "1001" and uname eq "_tor"` says that they belong together.
void Accounts::learn(const Expression& condition) {
  for (const Expression& term : condition.terms) learn(term);
  if (condition.kind != Expression::Kind::both) return;
  const Expression &id = condition.terms[0], &name = condition.terms[1];
  if (id.argument != "uid" || name.argument != "uname" || id.op != Operator::eq || name.op != Operator::eq) return;
  if (id.text.empty() || id.text.size() > 9 || id.text.find_first_not_of("0123456789") != std::string::npos) return;
  notes_.push_back({true, name.text, static_cast<std::uint32_t>(std::stoul(id.text))});
}

std::optional<std::uint32_t> Accounts::find_id(bool user, std::string_view name) const {
  for (const AccountNote& note : notes_)
    if (note.user == user && note.name == name) return note.id;
  return std::nullopt;
}

std::optional<std::string> Accounts::find_name(bool user, std::uint32_t id) const {
  for (const AccountNote& note : notes_)
    if (note.user == user && note.id == id) return note.name;
  return std::nullopt;
}

std::vector<Event> events(const ir::IdentityPoint& point, const Accounts& accounts) {
  const bool user = point.kind == ir::IdentityKind::user;
  Event event{user ? "setuid" : "setgid", {}};
  const auto id = point.account.has_id ? std::optional(point.account.id) : accounts.find_id(user, point.account.name);
  if (id) event.arguments.push_back({user ? "uid" : "gid", std::to_string(*id), false});
  if (!user) return {event};
  const auto name = id ? accounts.find_name(user, *id) : std::nullopt;
  if (name || !point.account.name.empty())
    event.arguments.push_back({"uname", name.value_or(point.account.name), false});
  return {event};
}

std::vector<Event> events(const ir::PeerPoint& point, const Dialect& dialect) {
  if (point.kind == ir::PeerKind::ptrace) return {{"ptrace", {}}};
  Event event{"kill", {{"pidname", "", true}}};
  for (const auto& signal : knowledge::signals_of(dialect.os))
    if (signal.value == point.what) {
      std::string name = "SIG" + std::string(signal.name);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      event.arguments.push_back({"signame", std::move(name), false});
      break;
    }
  return {event};
}

}  // namespace

std::optional<std::vector<Event>> events_of(const ir::Point& point, const Dialect& dialect, const File& file) {
  using Result = std::optional<std::vector<Event>>;
  return std::visit(Overloaded{[&](const ir::FilePoint& p) -> Result {
                                 if (p.verb == FileVerb::xattr) return std::nullopt;
                                 return events(p, dialect);
                               },
                               [&](const ir::PairPoint& p) -> Result { return events(p, dialect); },
                               [&](const ir::NetPoint& p) -> Result { return events(p, dialect); },
                               [&](const ir::CallPoint& p) -> Result { return events(p, dialect); },
                               [&](const ir::IdentityPoint& p) -> Result { return events(p, Accounts(file)); },
                               [](const ir::CapabilityPoint&) -> Result { return std::nullopt; },
                               [&](const ir::PeerPoint& p) -> Result { return events(p, dialect); }},
                    point);
}

}  // namespace polc::systrace::pointwise
