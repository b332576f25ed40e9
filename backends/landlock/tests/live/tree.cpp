// The tree. Each object is made by one call, so that a fresh one takes a fraction of a millisecond.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "operations.hpp"

namespace polc::landlock::live {
namespace {

// The smallest program that ends with status 0: an ELF header, one segment, and exit(0).
constexpr std::array<unsigned char, 132>
    program{
        0x7f, 'E',  'L',  'F',  2,    1,   1,    0, 0,    0, 0,    0, 0,    0,    0,  0,  // 64 bits, little end first
        2,    0,    62,   0,    1,    0,   0,    0, 0x78, 0, 0x40, 0, 0,    0,    0,  0,  // executable, x86_64, entry
        0x40, 0,    0,    0,    0,    0,   0,    0, 0,    0, 0,    0, 0,    0,    0,  0, 0,    0, 0,
        0,    0x40, 0,    0x38, 0,    1,   0,    0, 0,    0, 0,    0, 0,    1,    0,  0, 0,    5, 0,
        0,    0,    0,    0,    0,    0,   0,    0, 0,    0, 0,    0, 0x40, 0,    0,  0, 0,    0,  // loaded, readable,
                                                                                                   // executable
        0,    0,    0x40, 0,    0,    0,   0,    0, 0x84, 0, 0,    0, 0,    0,    0,  0, 0x84, 0, 0,
        0,    0,    0,    0,    0,    0,   0x10, 0, 0,    0, 0,    0, 0,    0xb8, 60, 0, 0,    0, 0x31,
        0xff, 0x0f, 0x05, 0x90, 0x90, 0x90};  // mov eax, 60; xor edi, edi; syscall

bool write_file(const std::string& path, const void* bytes, std::size_t count, mode_t mode) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return false;
  const bool good = count == 0 || write(file, bytes, count) == static_cast<ssize_t>(count);
  return close(file) == 0 && good;
}

}  // namespace

Tree tree_at(const std::string& root) {
  Tree tree{root, {root}, {}};
  for (const char* directory : {"/a", "/a/b", "/a/b/c", "/a/empty", "/d", "/d/e", "/d/empty"})
    tree.directories.push_back(root + directory);
  for (const char* other :
       {"/f", "/a/f", "/a/g", "/a/b/f", "/a/b/c/f", "/d/f", "/d/e/f", "/a/run", "/d/fifo", "/d/dev"})
    tree.others.push_back(root + other);
  return tree;
}

bool build(const Tree& tree, bool with_devices) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(tree.root, error))
    std::filesystem::remove_all(entry.path(), error);
  if (error) return false;
  for (std::size_t i = 1; i < tree.directories.size(); ++i)
    if (mkdir(tree.directories[i].c_str(), 0755) != 0) return false;
  for (const std::string& path : tree.others) {
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    bool made = true;
    if (name == "fifo") made = mkfifo(path.c_str(), 0644) == 0;
    else if (name == "dev") made = !with_devices || mknod(path.c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0;
    else if (name == "run") made = write_file(path, program.data(), program.size(), 0755);
    else made = write_file(path, "x", 1, 0644);
    if (!made) return false;
  }
  return true;
}

}  // namespace polc::landlock::live
