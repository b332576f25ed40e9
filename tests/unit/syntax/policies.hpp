// Good policies as raw material for tests that compare, cut and mutate: small ones that touch every rule of the
// grammar, and every policy that the repository ships.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace polc::test {

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

inline std::vector<std::filesystem::path> shipped_policies() {
  auto files = files_below(std::filesystem::path(POLC_SOURCE_DIR) / "policies");
  const auto other = [](const auto& file) { return file.extension() != ".pol"; };
  files.erase(std::remove_if(files.begin(), files.end(), other), files.end());
  return files;
}

inline std::vector<std::string> good_policies() {
  std::vector<std::string> texts{
      R"(language 1;
import "std/linux.pol";
variant debian on linux, freebsd { let a = 1; let b = "x\*$y"; }
variant relay { }
let ports = { 80, 1024-65535, };
let net = { 10.0.0.0/8, [2001:db8::/32]:{ 1, 2 }, $ports:3, user "a" 1, A | B, "x" };
abstraction base(dir, port) { allow read "$dir/**"; allow bind tcp any:$port; }
)",
      R"(language 1;
@title("p") policy p {
  program "/bin/a", $b;
  deploy apparmor, seccomp;
  default deny errno EPERM log for file, net;
  use base("/x", { 80 }), other;
  limit as <= 8G;
  limit nofile <= 0x400;
  @accept(wider: systrace, "why") allow read, write tree "/a", $b -> "/c" owner self type file, dir mode 0640;
  deny exec "/x" -> unconfined request A, B owner $o;
  target seccomp { raw "x"; option a = b, 3, "c"; default kill; }
})",
      R"(language 1;
policy p {
  allow connect, send tcp stream, udp any:53, 127.0.0.1:1-2, [::1]:{ 3 }, any4, any6:$p;
  allow bind unix stream "/a", $b;
  allow connect unix abstract "x";
  allow socket netlink route, audit;
  allow socket packet raw;
  allow receive any;
  allow setuid user "x" 3;
  allow capability a, b;
  allow signal hup to self, children;
  allow fork, thread, socketpair;
  allow syscall a, b where (x & ~(A | 3) == -1 or not arg[2] in { A, 4 }) and y <= $z and c in $d;
  when variant == a, b and os != linux { deny fork; } else when arch == x86_64 { } else { allow fork; }
  expect when os == linux { allow fork; @reason("r") deny exec "/**"; }
}
overlay o for p { expect { deny fork; } }
)"};
  for (const auto& file : shipped_policies()) texts.push_back(text_of_file(file));
  return texts;
}

}  // namespace polc::test
