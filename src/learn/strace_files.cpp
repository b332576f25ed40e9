// Calls with names of files, and calls on what was opened by one.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "learn/file_calls.hpp"
#include "learn/strace_state.hpp"

namespace polc::learn {
namespace {

constexpr int none = no_argument;

std::string_view at(const TracedCall& call, int place) { return place == none ? std::string_view() : call.arguments[static_cast<std::size_t>(place)]; }

// The kernel's name of a name, where this machine can tell.
std::string resolved(const TracedCall& call, const std::string& path, bool on_link) {
  if (!call.rules.resolve) return path;
  const std::size_t slash = path.rfind('/');
  if (!on_link || slash == path.npos || slash == 0) return call.rules.resolve(path);
  const std::string directory = call.rules.resolve(path.substr(0, slash));
  return (directory == "/" ? "" : directory) + path.substr(slash);
}

/// Empty: what it is relative to, or the name itself, is unknown.
std::string named_path(const TracedCall& call, int directory, int name, bool on_link) {
  const auto bytes = string_of(at(call, name));
  if (!bytes || bytes->empty()) return "";
  const std::string path = absolute(call.process, at(call, directory), *bytes);
  return path.empty() ? "" : resolved(call, path, on_link);
}

// struct stat with st_mode, where strace writes it; statx has stx_mode.
void learn_type(const TracedCall& call, const std::string& text, std::string_view structure) {
  const std::string_view mode = named(field_in(structure, structure.find("stx_mode") == structure.npos ? "st_mode" : "stx_mode"));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> types{
      {{"S_IFREG", "file"}, {"S_IFDIR", "dir"}, {"S_IFSOCK", "socket"}, {"S_IFIFO", "fifo"}, {"S_IFLNK", "symlink"}, {"S_IFCHR", "chardev"}, {"S_IFBLK", "blockdev"}}};
  for (const auto& [word, type] : types)
    if (mode.starts_with(word)) call.events.add_fact("type", fmt::format("{} {}", text, type));
  const auto owner = number_in(field_in(structure, structure.find("stx_uid") == structure.npos ? "st_uid" : "stx_uid"));
  if (!owner) return;
  if (*owner == 0) call.events.add_fact("owner", text + " \"root\"");
  else if (call.process.user == owner) call.events.add_fact("owner", text + " self");
}

std::string_view structure_of(const TracedCall& call) {
  for (std::size_t i = 0; i < 6; ++i)
    if (call.arguments[i].starts_with("{st")) return call.arguments[i];
  return {};
}

// ---- open

struct Opening {
  std::string_view directory, name, flags, mode;
};
std::optional<Opening> opening_of(const TracedCall& call) {
  const auto& a = call.arguments;
  if (call.name == "open") return Opening{"", a[0], named(a[1]), a[2]};
  if (call.name == "creat") return Opening{"", a[0], "O_WRONLY|O_CREAT|O_TRUNC", a[1]};
  if (call.name == "openat") return Opening{a[0], a[1], named(a[2]), a[3]};
  if (call.name == "openat2") return Opening{a[0], a[1], named(field_in(a[2], "flags")), field_in(a[2], "mode")};
  return std::nullopt;
}

void remember(TracedCall& call, const std::string& path) {
  if (const auto number = number_in(call.result); number && *number >= 0) (*call.process.descriptors)[*number] = {path, {}};
}

// How many letters of a new file of one's own are chance: six of mkstemp's, eight of Python's tempfile, with or without `tmp` before them.
std::size_t letters_by_chance(const Opening& opening, std::string_view path) {
  constexpr std::size_t by_mkstemp = 6, by_python = 8;
  if (!has_flag(opening.flags, "O_EXCL") || mode_in(opening.mode) != 0600) return 0;
  const std::string_view last = path.substr(path.rfind('/') + 1);
  const auto ends_in = [&](std::size_t count, auto is_letter) { return last.size() >= count && std::ranges::all_of(last.substr(last.size() - count), is_letter); };
  const bool is_pythons = last.size() == by_python || (last.size() == by_python + 3 && last.starts_with("tmp"));
  if (is_pythons && ends_in(by_python, [](unsigned char c) { return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_'; })) return by_python;
  return ends_in(by_mkstemp, [](unsigned char c) { return std::isalnum(c) != 0; }) ? by_mkstemp : 0;
}

void tell_open(TracedCall& call, const Opening& opening) {
  const bool on_link = has_flag(opening.flags, "O_NOFOLLOW");
  const auto bytes = string_of(opening.name);
  std::string path = bytes && !bytes->empty() ? absolute(call.process, opening.directory, *bytes) : "";
  if (!path.empty()) path = resolved(call, path, on_link);
  const auto opened = call.succeeded() ? descriptor_of(call.result) : std::nullopt;
  if (opened && opened->is_path() && !opened->is_deleted) path = opened->decoration;
  if (path.empty()) return;
  if (call.succeeded()) remember(call, path);
  if (has_flag(opening.flags, "O_TMPFILE")) return tell_other_call(call);
  if (const std::size_t chance = has_flag(opening.flags, "O_CREAT") ? letters_by_chance(opening, path) : 0; chance > 0) call.temporary[path] = chance;
  const std::string text = spoken(call, path);
  if (opened && !opened->device.empty()) call.events.add_fact("type", fmt::format("{} {}dev", text, opened->device));
  if (has_flag(opening.flags, "O_DIRECTORY") && call.succeeded()) call.events.add_fact("type", text + " dir");
  if (has_flag(opening.flags, "O_PATH")) {
    call.tell("stat " + text);
    if (call.name.starts_with("open") && call.name != "openat2") call.tell(fmt::format("syscall {} where flags & O_PATH == O_PATH", call.name));
    return;
  }
  if (has_flag(opening.flags, "O_CREAT")) {
    const auto mode = mode_in(opening.mode);
    call.tell(fmt::format("create {} type file{}", text, mode ? fmt::format(" mode {:04o}", *mode) : ""));
  }
  if (has_flag(opening.flags, "O_TRUNC")) call.tell("truncate " + text);
  const bool is_both = has_flag(opening.flags, "O_RDWR");
  if (is_both || has_flag(opening.flags, "O_WRONLY")) call.tell((has_flag(opening.flags, "O_APPEND") ? "append " : "write ") + text);
  if (is_both || has_flag(opening.flags, "O_RDONLY")) call.tell("read " + text);
}

// ---- the others

bool tell_pair(TracedCall& call, const PairRow& row) {
  const std::string from = named_path(call, row.from_directory, row.from, true), to = named_path(call, row.to_directory, row.to, true);
  if (from.empty() || to.empty()) return false;
  call.tell(fmt::format("{} {} -> {}", row.verb, spoken(call, from), spoken(call, to)));
  return true;
}

bool tell_symlink(TracedCall& call) {
  const bool has_directory = call.name == "symlinkat";
  const std::string path = named_path(call, has_directory ? 1 : none, has_directory ? 2 : 1, true);
  if (path.empty()) return false;
  call.tell("symlink " + spoken(call, path));
  return true;
}

bool tell_node(TracedCall& call) {
  const int shift = call.name == "mknodat" ? 1 : 0;
  const std::string path = named_path(call, shift == 0 ? none : 0, shift, true);
  if (path.empty()) return false;
  const std::string_view mode = named(at(call, shift + 1));
  const std::string_view type = mode.starts_with("S_IFIFO") ? "fifo" : mode.starts_with("S_IFSOCK") ? "socket" : mode.starts_with("S_IFCHR") ? "chardev" : mode.starts_with("S_IFBLK") ? "blockdev" : "file";
  const auto bits = mode_in(mode);
  call.tell(fmt::format("create {} type {}{}", spoken(call, path), type, bits ? fmt::format(" mode {:04o}", *bits) : ""));
  return true;
}

std::string suffix_of(const TracedCall& call, int mode) {
  const auto bits = mode == none ? std::nullopt : mode_in(at(call, mode));
  return bits ? fmt::format(" mode {:04o}", *bits) : "";
}

bool tell_row(TracedCall& call, const FileRow& row) {
  const bool is_empty = at(call, row.name) == "\"\"" || at(call, row.name) == "NULL";
  if (is_empty) {  // AT_EMPTY_PATH: about the descriptor
    if (row.verb != "stat") return tell_descriptor_call(call);
    if (const std::string path = path_of(call.process, at(call, row.directory)); !path.empty()) learn_type(call, spoken(call, path), structure_of(call));
    return false;
  }
  const bool on_link = row.on_link || has_flag(named(at(call, row.flags)), "AT_SYMLINK_NOFOLLOW");
  const std::string path = named_path(call, row.directory, row.name, on_link);
  if (path.empty()) return false;
  const std::string text = spoken(call, path);
  if (row.verb == "stat" && call.succeeded()) learn_type(call, text, structure_of(call));
  if (row.verb == "chdir" && call.succeeded()) call.process.directory = path;
  call.tell(fmt::format("{} {}{}{}", row.verb, text, suffix_of(call, row.mode), row.suffix));
  return true;
}

}  // namespace

bool tell_file_call(TracedCall& call) {
  if (const auto opening = opening_of(call)) {
    tell_open(call, *opening);
    return true;
  }
  if (const auto row = std::ranges::find(pair_rows, call.name, &PairRow::call); row != pair_rows.end()) return tell_pair(call, *row);
  if (call.name == "symlink" || call.name == "symlinkat") return tell_symlink(call);
  if (call.name == "mknod" || call.name == "mknodat") return tell_node(call);
  const auto row = std::ranges::lower_bound(file_rows, call.name, {}, &FileRow::call);
  return row != file_rows.end() && row->call == call.name && tell_row(call, *row);
}

bool tell_descriptor_call(TracedCall& call) {
  if (call.name == "fcntl" && named(call.arguments[1]).find("LK") != std::string_view::npos) {  // F_SETLK, F_OFD_SETLKW
    const std::string path = path_of(call.process, call.arguments[0]);
    if (!path.empty()) call.tell("lock " + spoken(call, path));
    return false;
  }
  if (call.name == "fstat") {
    if (const std::string path = path_of(call.process, call.arguments[0]); !path.empty()) learn_type(call, spoken(call, path), structure_of(call));
    return false;
  }
  const bool is_time = (call.name == "utimensat" || call.name == "futimesat") && call.arguments[1] == "NULL";
  const auto row = std::ranges::find(descriptor_rows, call.name, &DescriptorRow::call);
  if (row == descriptor_rows.end() && !is_time) return false;
  const std::string path = path_of(call.process, call.arguments[0]);
  if (path.empty()) return false;
  if (call.name == "fchdir" && call.succeeded()) call.process.directory = path;
  call.tell(fmt::format("{} {}{}", is_time ? "utime" : row->verb, spoken(call, path), is_time ? "" : suffix_of(call, row->mode)));
  return true;
}

}  // namespace polc::learn
