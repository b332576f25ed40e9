// The filter that systemd would make of a drop-in's lists, by libseccomp, as systemd does: lines on standard input, BPF on standard output.
//   call NAME       absent NAME (ENOSYS)       denied NAME (EACCES)       family NUMBER       namespaces MASK (refused)
//   refuse kill|ERRNO
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <seccomp.h>
#include <unistd.h>

int main() {
  std::set<std::string> calls, absent, denied;
  std::vector<std::uint64_t> families;
  std::uint64_t namespaces = 0;
  std::uint32_t refuse = SCMP_ACT_KILL_PROCESS;
  for (std::string word, value; std::cin >> word >> value;) {
    if (word == "call") calls.insert(value);
    else if (word == "absent") absent.insert(value);
    else if (word == "denied") denied.insert(value);
    else if (word == "family") families.push_back(std::stoull(value));
    else if (word == "namespaces") namespaces = std::stoull(value, nullptr, 0);
    else if (word == "refuse") refuse = value == "kill" ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(std::stoul(value));
    else return std::fprintf(stderr, "what is `%s`?\n", word.c_str()), 2;
  }
  const scmp_filter_ctx filter = seccomp_init(refuse);
  if (filter == nullptr) return 2;
  int failed = 0;
  const auto answer = [&](const std::set<std::string>& names, int error) {
    for (const std::string& name : names)
      if (const int number = seccomp_syscall_resolve_name(name.c_str()); number >= 0)
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), number, 0);
  };
  answer(absent, ENOSYS);
  answer(denied, EACCES);
  for (const std::string& name : calls) {
    const int number = seccomp_syscall_resolve_name(name.c_str());
    if (number < 0) continue;  // another architecture's
    if ((name == "clone" || name == "unshare") && namespaces != 0)
      failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1, SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces, 0));
    else if (name == "socket")
      for (const std::uint64_t family : families) failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1, SCMP_A0(SCMP_CMP_EQ, family));
    else failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
  }
  if (failed != 0 || seccomp_export_bpf(filter, STDOUT_FILENO) != 0) return std::fprintf(stderr, "libseccomp refuses\n"), 1;
}
