#include "systrace/ways.hpp"

#include <algorithm>

#include "knowledge/names.hpp"
#include "support/check.hpp"

namespace polc::systrace::syntax {
namespace {

using Kind = Argument::Kind;

/// The call's arguments: `name`, as often as it has it, is what the access names; of the others any text will do.
Event named(std::string_view call, std::string_view name, const Dialect& dialect) {
  Event event{std::string(call), {}};
  for (const std::string_view argument : translated(call, dialect.year))
    event.arguments.push_back({std::string(argument), "", argument == name ? Kind::subject : Kind::any});
  return event;
}

/// The opens with one of the accesses and flags as they are asked for: 'x' must be there, '-' must not, '?' may.
struct Flags {
  char append = '?', create = '?', truncate = '?';
};
using Names = std::initializer_list<std::string_view>;

Event opens(std::string_view call, Kind path, Names accesses, Flags flags, const Dialect& dialect) {
  // Before 2015 openat has no translator, so only a bare rule can meet it.
  if (translated(call, dialect.year).empty()) return {std::string(call), {}};
  const std::pair<char, char> letters[] = {{'a', flags.append}, {'c', flags.create}, {'t', flags.truncate}};
  const auto fits = [&](const std::string& text) {
    return std::find(accesses.begin(), accesses.end(), std::string_view(text).substr(0, 2)) != accesses.end() &&
           std::all_of(std::begin(letters), std::end(letters), [&](const auto& one) {
             return one.second == '?' || (text.find(one.first, 2) != std::string::npos) == (one.second == 'x');
           });
  };
  Event event{std::string(call), {{"filename", "", path}, {"oflags", "", Kind::text}}};
  const auto texts = open_texts();
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (fits(texts[i])) event.flags |= std::uint64_t{1} << i;
  return event;
}

Ways by_open(Names accesses, Flags flags, const Dialect& dialect) {
  return {{{opens("open", Kind::subject, accesses, flags, dialect)}}, {opens("openat", Kind::subject, accesses, flags, dialect)}};
}

Ways by_name(Names usual, Names others, const Dialect& dialect) {
  Ways ways;
  for (const std::string_view call : usual) ways.usual.push_back({named(call, "filename", dialect)});
  for (const std::string_view call : others) ways.others.push_back(named(call, "filename", dialect));
  return ways;
}

// Whatever exists of it at the place: systrace does not see types, only that some calls are for some types.
Ways creation(FileType type, const Dialect& dialect) {
  switch (type) {
    case FileType::file: return by_open({"ro", "wo", "rw"}, {'?', 'x', '?'}, dialect);
    case FileType::dir: return by_name({"mkdir"}, {"mkdirat"}, dialect);
    case FileType::fifo: return by_name({"mkfifo"}, {"mkfifoat"}, dialect);
    case FileType::symlink: return by_name({"symlink"}, {"symlinkat"}, dialect);
    case FileType::socket: {
      Ways ways = by_name({}, {"mknodat"}, dialect);
      ways.usual.push_back({named("bind", "sockaddr", dialect), named("mknod", "filename", dialect)});
      ways.others.push_back({"bind", {{"sockaddr", "", Kind::detour}}});
      return ways;
    }
    case FileType::chardev:
    case FileType::blockdev: return by_name({"mknod"}, {"mknodat"}, dialect);
  }
  return {};
}

Ways reading(FileType type, const Dialect& dialect) {
  if (type == FileType::symlink) return by_name({"readlink"}, {"readlinkat"}, dialect);
  if (type == FileType::dir) return by_open({"ro"}, {'?', '-', '-'}, dialect);
  return by_open({"ro", "rw"}, {}, dialect);
}

Ways truncation(const Dialect& dialect) {
  Ways ways = by_open({"ro", "wo", "rw"}, {'?', '?', 'x'}, dialect);
  ways.usual.push_back({named("truncate", "filename", dialect)});
  return ways;
}

}  // namespace

Events Ways::all() const {
  Events events = others;
  for (const Events& one : usual) events.insert(events.end(), one.begin(), one.end());
  return events;
}

Ways ways_of(FileVerb verb, FileType type, const Dialect& dialect) {
  switch (verb) {
    case FileVerb::read: return reading(type, dialect);
    case FileVerb::write: return by_open({"wo", "rw"}, {'-', '?', '?'}, dialect);
    case FileVerb::append: return by_open({"wo", "rw"}, {'x', '?', '?'}, dialect);
    case FileVerb::truncate: return truncation(dialect);
    case FileVerb::create: return creation(type, dialect);
    case FileVerb::remove: return by_name({type == FileType::dir ? "rmdir" : "unlink"}, {"unlinkat"}, dialect);
    case FileVerb::chmod: return by_name({"chmod"}, {"fchmodat"}, dialect);
    case FileVerb::chown: return by_name({"chown", "lchown"}, {"fchownat"}, dialect);
    case FileVerb::utime: return by_name({"utimes"}, {"utimensat"}, dialect);
    case FileVerb::stat: return by_name({"stat", "lstat", "access"}, {"fstatat", "faccessat"}, dialect);
    case FileVerb::chdir: return by_name({"chdir"}, {}, dialect);
    case FileVerb::chroot: return by_name({"chroot"}, {}, dialect);
    case FileVerb::exec: return by_name({"execve"}, {}, dialect);
    case FileVerb::map: return by_name({"mmap"}, {}, dialect);
    case FileVerb::lock: return by_name({"flock", "fcntl"}, {}, dialect);
    case FileVerb::ioctl: return by_name({"ioctl"}, {}, dialect);
    case FileVerb::watch: return by_name({"kqueue", "kevent"}, {}, dialect);
    case FileVerb::xattr:
    case FileVerb::rename:
    case FileVerb::link: break;
  }
  return {};
}

Ways ways_of(FileVerb verb, const Dialect& dialect) {
  const bool renames = verb == FileVerb::rename;
  return by_name({renames ? "rename" : "link"}, {renames ? "renameat" : "linkat"}, dialect);
}

Ways ways_of(NetVerb verb, const Dialect& dialect) {
  const auto by = [&](std::string_view call) { return named(call, "sockaddr", dialect); };
  switch (verb) {
    case NetVerb::connect: return {{{by("connect")}}, {}};
    case NetVerb::bind: return {{{by("bind")}}, {}};
    case NetVerb::listen: return {{{by("listen")}}, {}};
    case NetVerb::accept: return {{{by("accept")}}, {by("accept4")}};
    case NetVerb::send: return {{{by("sendto")}}, {by("sendmsg")}};
    case NetVerb::receive: return {{{by("recvfrom")}}, {by("recvmsg")}};
  }
  return {};
}

Events spelled_otherwise(NetVerb verb, const Dialect& dialect) {
  Events events = ways_of(verb, dialect).all();
  std::erase_if(events, [](const Event& event) { return event.arguments.empty(); });
  for (Event& event : events) event.arguments.front().kind = Kind::detour;
  return events;
}

Ways ways_of(ir::IdentityKind kind) {
  if (kind == ir::IdentityKind::group) return {{{{"setgid", {{"gid", "", Kind::subject}}}}}, {}};
  return {{{{"setuid", {{"uid", "", Kind::subject}, {"uname", "", Kind::subject}}}}}, {}};
}

Event call_event(std::string_view call, unsigned year) {
  Event event{std::string(call), {}};
  for (const std::string_view argument : translated(call, year)) event.arguments.push_back({std::string(argument), "", Kind::any});
  return event;
}

// The flags say which access it is (knowledge/relation.hpp says it the other way round).
std::vector<OpenKind> open_kinds(const Dialect& dialect) {
  const auto number = [&](std::string_view name) {
    const auto value = knowledge::find_constant(dialect.os, name);
    POLC_CHECK(value, "the flags of open are known");
    return *value;
  };
  const std::uint64_t access = number("O_ACCMODE"), create = number("O_CREAT"), truncate = number("O_TRUNC"), append = number("O_APPEND");
  const std::uint64_t read = number("O_RDONLY"), write = number("O_WRONLY"), both = number("O_RDWR");
  const auto by = [&](Names accesses, Flags flags) { return Events{opens("open", Kind::any, accesses, flags, dialect)}; };
  return {{by({"ro", "wo", "rw"}, {'?', '?', 'x'}), truncate, {truncate}},
          {by({"ro", "wo", "rw"}, {'?', 'x', '-'}), truncate | create, {create}},
          {by({"ro"}, {'?', '-', '-'}), truncate | create | access, {read}},
          {by({"wo", "rw"}, {'-', '-', '-'}), truncate | create | access | append, {write, both}},
          {by({"wo", "rw"}, {'?', '-', '-'}), truncate | create | access | append, {write | append, both | append}}};
}

}  // namespace polc::systrace::syntax
