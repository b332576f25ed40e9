#include "sandbox/program.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace polc::sandbox {
namespace {

// fs/exec.c and fs/binfmt_script.c: so much of a file is looked at, and an interpreter may be a script itself, not without end.
constexpr std::size_t looked_at = 256;
constexpr unsigned most_scripts = 4;

tl::unexpected<NotExecutable> cannot(const std::string& path, int error) {
  return tl::unexpected(NotExecutable{"`" + path + "`: " + std::strerror(error)});
}

class File {
 public:
  explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  /// At most `size` bytes, fewer where the file ends.
  std::string read(std::size_t size, std::uint64_t from) const {
    std::string bytes(size, '\0');
    const ssize_t got = ::pread(descriptor_, bytes.data(), size, static_cast<off_t>(from));
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return bytes;
  }

 private:
  int descriptor_;
};

template <class Header, class Segment>
std::string interpreter_in(const File& file) {
  const std::string head = file.read(sizeof(Header), 0);
  if (head.size() < sizeof(Header)) return {};
  Header header;
  std::memcpy(&header, head.data(), sizeof header);
  for (unsigned i = 0; i < header.e_phnum && i < 1024; ++i) {
    const std::string bytes = file.read(sizeof(Segment), header.e_phoff + std::uint64_t{i} * header.e_phentsize);
    if (bytes.size() < sizeof(Segment)) return {};
    Segment segment;
    std::memcpy(&segment, bytes.data(), sizeof segment);
    if (segment.p_type != PT_INTERP || segment.p_filesz > PATH_MAX) continue;
    std::string path = file.read(segment.p_filesz, segment.p_offset);
    return path.substr(0, path.find('\0'));
  }
  return {};
}

std::string elf_interpreter(const File& file, const std::string& head) {
  if (head.size() < EI_NIDENT || head.compare(0, SELFMAG, ELFMAG) != 0) return {};
  return head[EI_CLASS] == ELFCLASS64 ? interpreter_in<Elf64_Ehdr, Elf64_Phdr>(file) : interpreter_in<Elf32_Ehdr, Elf32_Phdr>(file);
}

std::string trimmed(std::string text) {
  constexpr std::string_view blanks = " \t";
  text.erase(0, std::min(text.find_first_not_of(blanks), text.size()));
  text.erase(text.find_last_not_of(blanks) + 1);
  return text;
}

struct Script {
  std::string interpreter, argument;
};

// "#! /usr/bin/env -S x y": the interpreter, and all that follows as one argument.
std::optional<Script> script_in(const std::string& head) {
  if (!head.starts_with("#!")) return std::nullopt;
  const std::string line = trimmed(head.substr(2, std::min(head.find('\n'), head.size()) - 2));
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  return Script{line.substr(0, end), trimmed(line.substr(end))};
}

// 0, or why it cannot be executed by its mode.
int refusal_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return errno;
  if (!S_ISREG(found.st_mode)) return EACCES;
  return ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

tl::expected<std::string, NotExecutable> found_in(const std::string& path, const std::string& name) {
  std::string refused;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const std::string folder = path.substr(at, end - at), candidate = (folder.empty() ? "." : folder) + "/" + name;
    at = end + 1;
    const int error = refusal_of(candidate);
    if (error == 0) return candidate;
    if (error == EACCES && refused.empty()) refused = candidate;
  }
  if (!refused.empty()) return cannot(refused, EACCES);
  return tl::unexpected(NotExecutable{"`" + name + "`: there is no such command in PATH", 127});
}

}  // namespace

tl::expected<Program, NotExecutable> program_for(const std::vector<std::string>& command, const std::string& path) {
  const std::string& name = command.front();
  std::string file = name;
  if (name.find('/') == std::string::npos) {
    auto found = found_in(path, name);
    if (!found) return tl::unexpected(found.error());
    file = *std::move(found);
  } else if (const int error = refusal_of(file); error != 0) {
    if (error == ENOENT || error == ENOTDIR) return tl::unexpected(NotExecutable{"`" + name + "`: " + std::strerror(error), 127});
    return cannot(file, error);
  }
  Program program{file, {}, {}, command};
  for (unsigned scripts = 0;; ++scripts) {
    const File opened(program.path);
    // A program that may be executed and not read is no script for us, and has no interpreter that we could see.
    const std::string head = opened.is_open() ? opened.read(looked_at, 0) : "";
    const auto script = script_in(head);
    if (!script) {
      if (opened.is_open()) program.interpreter = elf_interpreter(opened, head);
      return program;
    }
    if (script->interpreter.empty()) return cannot(program.path, ENOEXEC);
    if (scripts == most_scripts) return cannot(program.path, ELOOP);
    program.scripts.push_back(program.path);
    program.arguments.front() = program.path;
    if (!script->argument.empty()) program.arguments.insert(program.arguments.begin(), script->argument);
    program.arguments.insert(program.arguments.begin(), script->interpreter);
    program.path = script->interpreter;
    if (const int error = refusal_of(program.path); error != 0) return cannot(program.path, error);
  }
}

}  // namespace polc::sandbox
