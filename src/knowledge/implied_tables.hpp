// The rows behind implied.hpp, one file an OS. Private to this folder.
// A row says: this call, under these tests, performs this access. Tests are text, all of them hold:
//   "flags & O_CREAT|O_TRUNC == O_CREAT, mode == 0"     "type & ~SOCK_CLOEXEC == SOCK_STREAM"     "" is no test
#pragma once

#include <span>
#include <string_view>

#include "knowledge/vocabulary.hpp"

namespace polc::knowledge {

struct FileRow {
  FileVerb verb;
  FileTypes types;
  std::string_view call;
  std::string_view tests = "";
};

struct NetRow {
  NetVerb verb;
  std::string_view call;
  std::string_view tests = "";
};

/// `kind` is a class of calls_named, or "setuid", "setgid", "signal", "ptrace", or "capability" with its name as
/// member.
struct NamedRow {
  std::string_view kind;
  std::string_view member;
  std::string_view call;
  std::string_view tests = "";
};

struct ImpliedTables {
  std::span<const FileRow> files;
  std::span<const NetRow> nets;
  std::span<const NamedRow> named;
};
ImpliedTables linux_implied();
ImpliedTables openbsd_implied();
ImpliedTables freebsd_implied();

// Tests of the arguments of open and mmap that are the same on all systems.
inline constexpr std::string_view open_reading = "flags & O_ACCMODE|O_CREAT|O_TRUNC == O_RDONLY";
inline constexpr std::string_view open_truncating = "flags & O_TRUNC == O_TRUNC";
inline constexpr std::string_view write_exec = "prot & PROT_WRITE|PROT_EXEC == PROT_WRITE|PROT_EXEC";

// Sets of object types that the rows share.
inline constexpr FileTypes any_type = FileTypes::all();
inline constexpr FileTypes only_file{FileType::file};
inline constexpr FileTypes only_dir{FileType::dir};
inline constexpr FileTypes only_symlink{FileType::symlink};
inline constexpr FileTypes non_dir = any_type - only_dir;
/// What open() opens for its data; a socket is connected to instead, a symlink is followed.
inline constexpr FileTypes openable{FileType::file, FileType::fifo, FileType::chardev, FileType::blockdev};
inline constexpr FileTypes readable = openable | only_dir;
inline constexpr FileTypes mappable{FileType::file, FileType::chardev, FileType::blockdev};

}  // namespace polc::knowledge
