// Which calls have translators, and which aliases stand behind them (register.c, openbsd-translate.c).
#include <algorithm>
#include <array>

#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {
namespace {

/// A call, its arguments in order, and the first year they can be translated.
struct Translator {
  std::string_view call;
  std::string_view arguments;
  unsigned since;
};
constexpr Translator translators[] = {
    {"access", "filename", 2002},
    {"bind", "sockaddr", 2002},
    {"chdir", "filename", 2002},
    {"chflags", "filename flags", 2006},
    {"chmod", "filename mode", 2002},
    {"chown", "filename uid gid", 2002},
    {"chroot", "filename", 2002},
    {"connect", "sockaddr", 2002},
    {"execve", "filename argv", 2002},
    {"faccessat", "filename", 2015},
    {"fchmod", "fd mode", 2002},
    {"fchmodat", "filename mode", 2015},
    {"fchown", "fd uid gid", 2002},
    {"fchownat", "filename uid gid", 2015},
    {"fcntl", "cmd", 2006},
    {"fsread", "filename", 2002},
    {"fstatat", "filename", 2015},
    {"fswrite", "filename", 2002},
    {"kill", "pidname signame", 2006},
    {"lchown", "filename uid gid", 2006},
    {"link", "filename filename", 2002},
    {"linkat", "filename filename", 2015},
    {"lstat", "filename", 2002},
    {"mkdir", "filename", 2002},
    {"mkdirat", "filename", 2015},
    {"mkfifo", "filename mode", 2006},
    {"mkfifoat", "filename mode", 2015},
    {"mknod", "filename mode", 2006},
    {"mknodat", "filename mode", 2015},
    {"mmap", "prot", 2006},
    {"mprotect", "prot", 2006},
    {"open", "filename oflags", 2002},
    {"openat", "filename oflags", 2015},
    {"readlink", "filename", 2002},
    {"readlinkat", "filename", 2015},
    {"rename", "filename filename", 2002},
    {"renameat", "filename filename", 2015},
    {"rmdir", "filename", 2002},
    {"sendmsg", "sockaddr", 2010},
    {"sendto", "sockaddr", 2002},
    {"setegid", "gid", 2002},
    {"seteuid", "uid uname", 2002},
    {"setgid", "gid", 2002},
    {"setuid", "uid uname", 2002},
    {"socket", "sockdom socktype", 2002},
    {"stat", "filename", 2002},
    {"symlink", "string filename", 2002},
    {"symlinkat", "string filename", 2015},
    {"truncate", "filename", 2006},
    {"unlink", "filename", 2002},
    {"unlinkat", "filename", 2015},
};

/// The call that is the same but for a directory's descriptor; of others their own name.
std::string_view without_at(std::string_view call) {
  constexpr std::pair<std::string_view, std::string_view> twins[] = {
      {"faccessat", "access"}, {"fstatat", "stat"},     {"mkdirat", "mkdir"},   {"mkfifoat", "mkfifo"},
      {"openat", "open"},      {"readlinkat", "readlink"}, {"unlinkat", "unlink"},
  };
  for (const auto& [at, plain] : twins)
    if (at == call) return plain;
  return call;
}

}  // namespace

std::vector<std::string_view> translated(std::string_view call, unsigned year) {
  for (const Translator& row : translators) {
    if (row.call != call || year < row.since) continue;
    std::vector<std::string_view> names;
    for (std::string_view rest = row.arguments; !rest.empty();) {
      const std::size_t blank = std::min(rest.find(' '), rest.size());
      names.push_back(rest.substr(0, blank));
      rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    return names;
  }
  return {};
}

std::string_view alias_of(std::string_view name, bool only_reads, unsigned year) {
  constexpr std::array<std::string_view, 4> reads{"stat", "lstat", "access", "readlink"};
  constexpr std::array<std::string_view, 5> writes{"unlink", "mkdir", "rmdir", "truncate", "mkfifo"};
  const std::string_view call = without_at(name);
  const bool is_read = std::find(reads.begin(), reads.end(), call) != reads.end();
  const bool is_write = std::find(writes.begin(), writes.end(), call) != writes.end();
  if ((call != "open" && !is_read && !is_write) || translated(name, year).empty()) return "";
  return is_read || (call == "open" && only_reads) ? "fsread" : "fswrite";
}

// ro, wo or rw, and then any of n(onblock), a(ppend), c(reate), t(runcate) in that order.
std::span<const std::string> open_texts() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> all;
    for (const std::string access : {"ro", "wo", "rw"})
      for (unsigned bits = 0; bits < 16; ++bits) {
        all.push_back(access);
        for (unsigned i = 0; i < 4; ++i)
          if ((bits >> i) & 1u) all.back() += "nact"[i];
      }
    return all;
  }();
  return texts;
}

}  // namespace polc::systrace::syntax
